// What was typed, as values. The parser (CLI11) stays in the .cpp.
#pragma once

#include "base/messages.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fengsui::apps {

/// One command, or the program itself. Options write to where they were told; what a person did not give
/// stays as it was. Help texts are keys of content/messages.
class Command {
public:
    struct State;
    explicit Command(std::shared_ptr<State> state);
    ~Command();

    Command add(const std::string& name, const std::string& help_key);
    void text(const std::string& names, std::optional<std::string>& to, const std::string& help_key);
    void texts(const std::string& names, std::vector<std::string>& to, const std::string& help_key);
    void number(const std::string& names, std::optional<double>& to, const std::string& help_key);
    void count(const std::string& names, std::optional<std::uint64_t>& to, const std::string& help_key);
    void flag(const std::string& names, bool& to, const std::string& help_key);
    void argument(const std::string& name, std::string& to, const std::string& help_key);
    void arguments(const std::string& name, std::vector<std::string>& to, const std::string& help_key);
    /// What the command does; its result is the exit status.
    void run(std::function<int()> action);

private:
    std::shared_ptr<State> state_; ///< shared with the command line that owns the parser
};

class CommandLine {
public:
    CommandLine(base::Language language, const std::string& version);
    ~CommandLine();

    Command root();
    /// Parses and runs; 2 with a message on standard error when the words are off.
    int run(int argc, const char* const* argv);

private:
    std::shared_ptr<Command::State> root_; ///< shared with the commands made of it
};

} // namespace fengsui::apps
