// A regular expression in Go's syntax, run by RE2 (linear time). Compiled when first used; shared by copies.
#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::templates {

class Pattern {
public:
    /// Checks the syntax; the error says what is wrong with it.
    static base::Result<Pattern> compile(std::string_view text);

    [[nodiscard]] const std::string& text() const;
    /// `is_clean`: the caller knows the corpus for valid UTF-8; otherwise it is looked at, and each bad byte
    /// is taken for U+FFFD, as Go does.
    [[nodiscard]] bool matches(std::string_view corpus, bool is_clean = false) const;
    /// Group `group` of every match, in order, at most `limit`; empty when there is no such group.
    [[nodiscard]] std::vector<std::string> find_all(
        std::string_view corpus, std::size_t group, std::size_t limit = 20000
    ) const;
    /// Go's ReplaceAllString: `$1`, `${name}`, `$$`.
    [[nodiscard]] std::string replace_all(std::string_view corpus, std::string_view replacement) const;
    /// Literals of which at least one stands in every match, each of three bytes or more; empty: unknown.
    /// `ignore_case`: they are compared without regard to case.
    [[nodiscard]] std::vector<std::string> required_literals(bool& ignore_case) const;

private:
    class Body;
    explicit Pattern(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
    std::shared_ptr<const Body> body_; ///< owners: this pattern and its copies in operators and programs
};

} // namespace fengsui::templates
