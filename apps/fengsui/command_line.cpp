#include "fengsui/command_line.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdlib>
#include <iostream>

namespace fengsui::apps {

struct Command::State {
    base::Language language = base::Language::en;
    CLI::App* app = nullptr;
    std::shared_ptr<CLI::App> owner; ///< of the whole tree; set at the root, shared by every command
    std::shared_ptr<std::function<int()>> chosen; ///< what to run; shared by every command of the tree

    [[nodiscard]] std::string help(const std::string& key) const {
        return std::string(base::message(language, key));
    }
};

namespace {

/// CLI11's own check says the largest double in full.
std::string require_positive(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const bool is_good = end != text.c_str() && *end == '\0' && std::isfinite(value) && value > 0;
    return is_good ? std::string() : "\"" + text + "\" is not a number above 0";
}

/// What the library itself prints in a help text; commands made from `app` later take it over.
void speak(CLI::App& app, base::Language language) {
    const auto text = [language](std::string_view key) {
        return std::string(base::message(language, key));
    };
    app.option_defaults()->group(text("help.options"));
    app.set_help_flag("-h,--help", text("help.help"))->group(text("help.options"));
    const auto& layout = app.get_formatter();
    layout->label("Usage", text("help.usage"));
    layout->label("OPTIONS", text("help.options_word"));
    layout->label("SUBCOMMAND", text("help.command"));
    layout->label("Positionals", text("help.arguments"));
    layout->label("REQUIRED", text("help.required"));
    layout->label("NONNEGATIVE", "");
}

} // namespace

Command::Command(std::shared_ptr<State> state) : state_(std::move(state)) {}

Command::~Command() = default;

Command Command::add(const std::string& name, const std::string& help_key) {
    auto child = std::make_shared<State>(*state_);
    child->app = state_->app->add_subcommand(name, state_->help(help_key));
    child->app->group(state_->help("help.commands"));
    child->app->fallthrough();
    return Command(child);
}

void Command::text(const std::string& names, std::optional<std::string>& to, const std::string& help_key) {
    state_->app->add_option(names, to, state_->help(help_key))->type_name("");
}

void Command::texts(const std::string& names, std::vector<std::string>& to, const std::string& help_key) {
    state_->app->add_option(names, to, state_->help(help_key))->type_name("")->expected(1)->take_all();
}

void Command::number(const std::string& names, std::optional<double>& to, const std::string& help_key) {
    state_->app->add_option(names, to, state_->help(help_key))->type_name("")->check(&require_positive);
}

void Command::count(const std::string& names, std::optional<std::uint64_t>& to, const std::string& help_key) {
    state_->app->add_option(names, to, state_->help(help_key))->check(CLI::NonNegativeNumber)->type_name("");
}

void Command::flag(const std::string& names, bool& to, const std::string& help_key) {
    state_->app->add_flag(names, to, state_->help(help_key));
}

void Command::argument(const std::string& name, std::string& to, const std::string& help_key) {
    state_->app->add_option(name, to, state_->help(help_key))->required()->type_name("");
}

void Command::arguments(const std::string& name, std::vector<std::string>& to, const std::string& help_key) {
    state_->app->add_option(name, to, state_->help(help_key))->required()->type_name("");
}

void Command::run(std::function<int()> action) {
    const auto chosen = state_->chosen;
    state_->app->callback([chosen, action = std::move(action)] { *chosen = action; });
}

CommandLine::CommandLine(base::Language language, const std::string& version)
    : root_(std::make_shared<Command::State>()) {
    root_->language = language;
    root_->owner =
        std::make_shared<CLI::App>(std::string(base::message(language, "help.program")), "fengsui");
    root_->app = root_->owner.get();
    speak(*root_->app, language);
    root_->app->set_version_flag(
        "--version", "fengsui " + version, std::string(base::message(language, "help.version"))
    );
    root_->app->require_subcommand(1);
    root_->chosen = std::make_shared<std::function<int()>>();
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() {
    return Command(root_);
}

int CommandLine::run(int argc, const char* const* argv) {
    try {
        root_->app->parse(argc, argv);
    } catch (const CLI::ParseError& words) {
        // Help and version are "errors" of status 0 in this library.
        return root_->app->exit(words, std::cout, std::cerr) == 0 ? 0 : 2;
    }
    if (!*root_->chosen) { // a group such as `registry` without one of its commands
        const CLI::App* group = root_->app;
        while (!group->get_subcommands().empty()) {
            group = group->get_subcommands().front();
        }
        std::cerr << group->help();
        return 2;
    }
    return (*root_->chosen)();
}

} // namespace fengsui::apps
