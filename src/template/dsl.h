// The expression language of templates: compiled once to byte code, evaluated lazily.
#pragma once

#include "template/pattern.h"
#include "template/scope.h"

#include <cstdint>

namespace fengsui::templates {

struct Function;

enum class Op : std::uint8_t {
    constant,    ///< push constants[operand]
    variable,    ///< push the variable names[operand]; an error when there is none
    call,        ///< functions[operand], `count` arguments
    match_regex, ///< patterns[operand] against the top: regex("…", x) with a constant expression
    unary,       ///< operand: a character, - ! ~
    binary,      ///< operand: a BinaryOp
    test_and,    ///< when the top is false jump to operand, else drop it; an error when it is no bool
    test_or,     ///< when the top is true jump to operand, else drop it
    need_bool,   ///< the right side of && and ||
    ternary,     ///< when the top is false: replace by nil and jump to operand, else drop it
    coalesce,    ///< when the top is not nil jump to operand, else drop it
    make_list,   ///< of `count` values
};

struct Instruction {
    Op op = Op::constant;
    std::uint16_t count = 0;
    std::uint32_t operand = 0;
};

/// One compiled expression. Immutable; copies share nothing.
class Expression {
public:
    /// govaluate's grammar with the helper functions; the error names the place.
    static base::Result<Expression> compile(std::string_view text);

    /// The value, or why there is none: not_found for an unknown variable, invalid_argument otherwise.
    [[nodiscard]] base::Result<Value> evaluate(const Scope& scope) const;

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    [[nodiscard]] bool calls_functions() const;
    [[nodiscard]] bool calls(std::string_view function) const;
    /// `{{name}}` stands in one of its string literals: rendered and compiled again when evaluated.
    [[nodiscard]] bool has_markers() const { return has_markers_; }

    [[nodiscard]] const std::vector<Instruction>& code() const { return code_; }
    [[nodiscard]] const std::vector<Value>& constants() const { return constants_; }
    [[nodiscard]] const std::vector<Pattern>& patterns() const { return patterns_; }
    [[nodiscard]] const std::vector<const Function*>& functions() const { return functions_; }

private:
    friend class ExpressionCompiler;
    std::string text_;
    std::vector<Instruction> code_;
    std::vector<Value> constants_;
    std::vector<std::string> names_;
    std::vector<Pattern> patterns_;
    std::vector<const Function*> functions_;
    bool has_markers_ = false;
};

/// The helper function of that name (also without its underscores), or null.
const Function* find_function(std::string_view name);
/// Why a template that calls it is refused (it would send, wait or spend); empty: it may be called.
std::string_view function_refusal(std::string_view name);

} // namespace fengsui::templates
