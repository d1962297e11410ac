#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/output.h"

#include "base/error.h"

#include <csignal>
#include <exception>
#include <sys/resource.h>

namespace fengsui::apps {
namespace {

using base::ErrorCode;

/// contracts.md section 1: 2 wrong use or bad input, 3 could not finish.
int exit_status(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::forbidden:
        return 2;
    default:
        return 3;
    }
}

/// Connections and listeners by the hundred: as many open files as the system lets us have.
void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int run(int argc, char** argv) {
    const auto language = base::language_of_environment();
    try {
        CommandLine line(language, FENGSUI_VERSION);
        TypedOptions typed;
        Command root = line.root();
        typed.add_common(root);
        add_serve_command(root, typed);
        add_registry_command(root, typed);
        add_patrol_command(root, typed);
        add_check_command(root, typed);
        add_findings_command(root, typed);
        add_template_command(root, typed);
        add_range_command(root, typed);
        add_audit_command(root, typed);
        add_backup_command(root, typed);
        return line.run(argc, argv);
    } catch (const base::Error& error) {
        print_error(language, error.message());
        return exit_status(error.code());
    } catch (const std::exception& failure) {
        print_error(language, failure.what());
        return 3;
    }
}

} // namespace
} // namespace fengsui::apps

int main(int argc, char** argv) {
    // A reader that goes away must end us by an error that we can tell, not by a signal.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow is told like a full disk
    fengsui::apps::raise_file_limit();
    return fengsui::apps::run(argc, argv);
}
