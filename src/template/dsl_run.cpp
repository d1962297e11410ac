#include "template/dsl.h"
#include "template/facts.h"
#include "template/functions.h"
#include "template/text.h"

#include <fmt/format.h>

#include <cmath>

namespace fengsui::templates {

namespace {

base::Error type_error(const Value& value, std::string_view symbol, std::string_view wanted) {
    return {
        base::ErrorCode::invalid_argument,
        fmt::format(
            "Value '{:.60}' cannot be used with '{}', it is not a {}", value.to_go_text(), symbol, wanted
        )};
}

std::int64_t whole(double value) {
    constexpr double kEdge = 9.2e18;
    return std::isfinite(value) && std::fabs(value) < kEdge ? static_cast<std::int64_t>(value) : 0;
}

/// In the order of kOperators in dsl.cpp.
enum BinaryOp : std::uint32_t {
    equal,
    not_equal,
    greater,
    greater_equal,
    less,
    less_equal,
    like,
    unlike,
    member,
    bit_xor,
    bit_and,
    bit_or,
    shift_right,
    shift_left,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    power,
};

base::Result<Value> compare(BinaryOp op, const Value& left, const Value& right) {
    int order = 0;
    if (left.is_text() && right.is_text()) {
        order = left.as_text().compare(right.as_text());
    } else if (left.is_number() && right.is_number()) {
        order = left.as_number() < right.as_number() ? -1 : (left.as_number() > right.as_number() ? 1 : 0);
    } else {
        return type_error(left.is_number() ? right : left, "<=>", "number");
    }
    switch (op) {
    case greater:
        return Value::boolean(order > 0);
    case greater_equal:
        return Value::boolean(order >= 0);
    case less:
        return Value::boolean(order < 0);
    default:
        return Value::boolean(order <= 0);
    }
}

base::Result<Value> like_regex(BinaryOp op, const Value& left, const Value& right) {
    if (!left.is_text() || !right.is_text()) {
        return type_error(left.is_text() ? right : left, "=~", "string");
    }
    const auto pattern = Pattern::compile(right.as_text());
    if (!pattern) {
        return pattern.error();
    }
    return Value::boolean(pattern->matches(left.as_text()) == (op == like));
}

std::uint64_t shifted(BinaryOp op, double left, double right) {
    const auto bits = static_cast<std::uint64_t>(whole(left));
    const auto count = static_cast<std::uint64_t>(whole(right));
    if (count > 63) {
        return 0;
    }
    return op == shift_left ? bits << count : bits >> count;
}

double arithmetic(BinaryOp op, double left, double right) {
    switch (op) {
    case bit_xor:
        return static_cast<double>(whole(left) ^ whole(right));
    case bit_and:
        return static_cast<double>(whole(left) & whole(right));
    case bit_or:
        return static_cast<double>(whole(left) | whole(right));
    case shift_right:
    case shift_left:
        return static_cast<double>(shifted(op, left, right));
    case add:
        return left + right;
    case subtract:
        return left - right;
    case multiply:
        return left * right;
    case divide:
        return left / right;
    case modulo:
        return std::fmod(left, right);
    default:
        return std::pow(left, right);
    }
}

base::Result<Value> apply(BinaryOp op, const Value& left, const Value& right) {
    switch (op) {
    case equal:
    case not_equal:
        return Value::boolean((left == right) == (op == equal));
    case greater:
    case greater_equal:
    case less:
    case less_equal:
        return compare(op, left, right);
    case like:
    case unlike:
        return like_regex(op, left, right);
    case member: {
        const auto& items = right.items();
        return Value::boolean(std::find(items.begin(), items.end(), left) != items.end());
    }
    default:
        break;
    }
    if (op == add && (left.is_text() || right.is_text())) {
        return Value::text(left.to_go_text() + right.to_go_text());
    }
    if (!left.is_number() || !right.is_number()) {
        return type_error(left.is_number() ? right : left, "modifier", "number");
    }
    return Value::number(arithmetic(op, left.as_number(), right.as_number()));
}

base::Result<Value> apply_unary(char op, const Value& value) {
    if (op == '!') {
        if (!value.is_bool()) {
            return type_error(value, "!", "bool");
        }
        return Value::boolean(!value.as_bool());
    }
    if (!value.is_number()) {
        return type_error(value, op == '-' ? "-" : "~", "number");
    }
    return Value::number(op == '-' ? -value.as_number() : static_cast<double>(~whole(value.as_number())));
}

/// The stack machine. Jumps only go forward, so it ends.
class Machine {
public:
    Machine(const Expression& expression, const Scope& scope) : expression_(expression), scope_(scope) {}

    base::Result<Value> run() {
        const auto& code = expression_.code();
        for (std::size_t at = 0; at < code.size();) {
            std::size_t next = at + 1;
            step(code[at], next);
            if (error_) {
                return *error_;
            }
            at = next;
        }
        FENGSUI_CHECK(stack_.size() == 1, "the stack of an expression is out of balance");
        return stack_.back().owned();
    }

private:
    void push(base::Result<Value> value) {
        if (!value) {
            error_ = value.error();
            return;
        }
        stack_.push_back(std::move(value).value());
    }
    Value pop() {
        Value value = std::move(stack_.back());
        stack_.pop_back();
        return value;
    }

    void step(const Instruction& code, std::size_t& next) {
        switch (code.op) {
        case Op::constant: {
            const Value& value = expression_.constants()[code.operand];
            return stack_.push_back(value.is_text() ? Value::borrowed(value.as_text()) : value);
        }
        case Op::variable:
            return variable(expression_.names()[code.operand]);
        case Op::call:
            return call(*expression_.functions()[code.operand], code.count);
        case Op::match_regex:
            return match(expression_.patterns()[code.operand], code.count == 1);
        case Op::unary:
            return push(apply_unary(static_cast<char>(code.operand), pop()));
        case Op::binary: {
            const Value right = pop();
            const Value left = pop();
            return push(apply(static_cast<BinaryOp>(code.operand), left, right));
        }
        case Op::make_list: {
            const auto first = stack_.end() - code.count;
            ValueList items(std::make_move_iterator(first), std::make_move_iterator(stack_.end()));
            stack_.erase(first, stack_.end());
            return stack_.push_back(Value::list(std::move(items)));
        }
        default:
            return jump(code, next);
        }
    }

    void variable(const std::string& name) {
        auto value = scope_.find(name);
        if (!value) {
            error_ = base::Error(base::ErrorCode::not_found, fmt::format("No parameter '{}' found.", name));
            return;
        }
        stack_.push_back(std::move(*value));
    }

    void jump(const Instruction& code, std::size_t& next) {
        const Value& top = stack_.back();
        if (code.op == Op::coalesce) {
            if (!top.is_nil()) {
                next = code.operand;
                return;
            }
            stack_.pop_back();
            return;
        }
        if (!top.is_bool()) {
            error_ = type_error(top, code.op == Op::ternary ? "?" : "&&, ||", "bool");
            return;
        }
        if (code.op == Op::need_bool) {
            return;
        }
        const bool stays = code.op == Op::test_or ? top.as_bool() : !top.as_bool();
        if (!stays) {
            stack_.pop_back();
            return;
        }
        if (code.op == Op::ternary) {
            stack_.back() = Value();
        }
        next = code.operand;
    }

    void call(const Function& function, std::size_t count) {
        if (count < function.min || count > function.max) {
            error_ = function_error(fmt::format("{}: wrong number of arguments", function.name));
            return;
        }
        if (!function.refusal.empty()) {
            error_ = function_error(fmt::format("{}: {}", function.name, function.refusal));
            return;
        }
        const auto first = stack_.size() - count;
        auto result = function.call(Arguments(std::span(stack_).subspan(first), scope_.environment()));
        if (result) {
            // Results are made from arguments that may be borrowed: keep them for themselves.
            Value value = std::move(result).value().owned();
            stack_.resize(first);
            stack_.push_back(std::move(value));
            return;
        }
        error_ = result.error();
    }

    void match(const Pattern& pattern, bool needs_text) {
        const Value value = pop();
        if (needs_text && !value.is_text()) {
            error_ = type_error(value, "=~", "string");
            return;
        }
        std::string storage;
        const auto corpus = value.view(storage);
        const auto* facts = scope_.response();
        stack_.push_back(Value::boolean(pattern.matches(corpus, facts != nullptr && facts->is_clean(corpus)))
        );
    }

    const Expression& expression_;
    const Scope& scope_;
    std::vector<Value> stack_;
    std::optional<base::Error> error_;
};

} // namespace

base::Result<Value> Expression::evaluate(const Scope& scope) const {
    if (!has_markers_) {
        return Machine(*this, scope).run();
    }
    // `{{name}}` inside a literal: filled in with escaping and compiled anew; values are never looked at
    // again (point 21).
    const std::string filled = fill_string_markers(text_, scope);
    auto again = compile(filled);
    if (!again) {
        return again.error();
    }
    return Machine(*again, scope).run();
}

} // namespace fengsui::templates
