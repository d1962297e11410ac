// `audit verify` and `backup`.
#include "fengsui/command_line.h"
#include "fengsui/commands.h"
#include "fengsui/output.h"

#include "store/audit_store.h"
#include "store/database.h"

#include <fmt/format.h>

namespace fengsui::apps {

namespace {

using base::Json;
using base::message;

int run_verify(const std::optional<std::string>& format, TypedOptions& typed) {
    typed.format = format;
    const Settings settings = resolve_settings(typed);
    const auto database = store::Database::open(settings.data_dir, store::OpenMode::read_only);
    const auto verdict = store::AuditStore(*database).verify();
    if (settings.format == OutputFormat::jsonl) {
        print_line(Json::object({
            {"ok", verdict.ok},
            {"entries", verdict.entries},
            {"first_broken", verdict.first_broken ? Json(*verdict.first_broken) : Json()},
            {"reason", verdict.reason},
            {"head", verdict.head},
        }));
    } else if (verdict.ok) {
        print_text(
            fmt::format(fmt::runtime(message(settings.language, "audit.ok")), verdict.entries, verdict.head)
        );
    } else {
        print_text(fmt::format(
            fmt::runtime(message(settings.language, "audit.broken")),
            verdict.first_broken.value_or(0),
            verdict.reason
        ));
    }
    return verdict.ok ? 0 : 1;
}

int run_backup(const std::string& file, TypedOptions& typed) {
    const Settings settings = resolve_settings(typed);
    store::Database::open(settings.data_dir, store::OpenMode::read_only)->backup(file);
    if (settings.format == OutputFormat::jsonl) {
        print_line(Json::object({{"type", "backup"}, {"file", file}}));
    } else {
        print_text(fmt::format(fmt::runtime(message(settings.language, "backup.done")), file));
    }
    return 0;
}

} // namespace

void add_audit_command(Command& root, TypedOptions& typed) {
    Command command = root.add("audit", "help.audit");
    const auto format = std::make_shared<std::optional<std::string>>();
    Command verify = command.add("verify", "help.audit.verify");
    verify.text("--format", *format, "help.option.format");
    verify.run([format, &typed] { return run_verify(*format, typed); });
}

void add_backup_command(Command& root, TypedOptions& typed) {
    const auto file = std::make_shared<std::string>();
    Command command = root.add("backup", "help.backup");
    command.argument("FILE", *file, "help.argument.backup");
    command.run([file, &typed] { return run_backup(*file, typed); });
}

} // namespace fengsui::apps
