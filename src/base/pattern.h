// A regular expression in time linear in the text (RE2), compiled once.
#pragma once

#include "base/result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fengsui::base {

class Pattern {
public:
    /// RE2's syntax; look-arounds and back-references are errors, as is a program larger than 1 MiB.
    static Result<Pattern> compile(std::string_view text);
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();

    /// The first group of the first match anywhere in the text; empty when the pattern has no group.
    [[nodiscard]] std::optional<std::string> find(std::string_view text) const;

private:
    struct Program;
    explicit Pattern(std::unique_ptr<Program> program);
    std::unique_ptr<Program> program_;
};

} // namespace fengsui::base
