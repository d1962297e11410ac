// The conditions of rules as data: `grade<=3 and cii and unit.tier!='central'`. Compiled once, pure.
#pragma once

#include "base/json.h"

#include <memory>

namespace fengsui::workflow {

/// Identifiers with dots, numbers, 'texts', true, false; == != <= >= < >; then not, and, or in that order of
/// binding; parentheses. An identifier that the facts lack makes every comparison with it false (also !=) and
/// is false by itself, so `not cii` holds where nothing is said of cii.
class Expression {
public:
    struct Node;

    Expression() = default; ///< always true
    /// At most 2000 bytes and 32 levels; an error names the column, from 1.
    static base::Result<Expression> parse(std::string_view text);

    [[nodiscard]] bool eval(const base::Json& facts) const;
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_ = "true";
    std::shared_ptr<const Node> root_;
};

/// The fact at a dotted path (`unit.tier`), or null when there is none.
const base::Json& fact(const base::Json& facts, std::string_view path);

} // namespace fengsui::workflow
