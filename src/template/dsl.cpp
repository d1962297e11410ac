#include "template/dsl.h"

#include "template/functions.h"
#include "template/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace fengsui::templates {

namespace {

constexpr std::size_t kMaxExpression = 1U << 18U;
constexpr int kMaxDepth = 100;

struct Operator {
    std::string_view symbol;
    int level;
};

/// govaluate's order, loosest first; levels 1 to 3 (ternary, ||, &&) are read by their own functions.
constexpr Operator kOperators[] = {
    {"==", 4}, {"!=", 4}, {">", 4}, {">=", 4}, {"<", 4}, {"<=", 4}, {"=~", 4},
    {"!~", 4}, {"in", 4}, {"^", 5}, {"&", 5},  {"|", 5}, {">>", 6}, {"<<", 6},
    {"+", 7},  {"-", 7},  {"*", 8}, {"/", 8},  {"%", 8}, {"**", 9},
};
constexpr int kTightest = 9;

} // namespace

/// Recursive descent that writes byte code as it reads: there is no tree.
class ExpressionCompiler {
public:
    ExpressionCompiler(std::vector<Token> tokens, Expression& out) : tokens_(std::move(tokens)), out_(out) {}

    void run() {
        ternary();
        std::size_t count = 1;
        while (peek().kind == TokenKind::comma && count < 1000) { // `a, b`: a list, as in govaluate
            take();
            ternary();
            ++count;
        }
        if (peek().kind != TokenKind::end) {
            fail("something follows the expression");
        }
        if (count > 1) {
            emit(Op::make_list, 0, count);
        }
    }

private:
    class Deeper {
    public:
        explicit Deeper(ExpressionCompiler& compiler) : compiler_(compiler) {
            if (++compiler_.depth_ > kMaxDepth) {
                compiler_.fail("nested too deeply");
            }
        }
        ~Deeper() { --compiler_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

    private:
        ExpressionCompiler& compiler_;
    };

    [[noreturn]] void fail(std::string_view what) const {
        throw base::Error(
            base::ErrorCode::invalid_argument, fmt::format("column {}: {}", peek().at + 1, what)
        );
    }
    [[nodiscard]] const Token& peek() const { return tokens_[at_]; }
    Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    [[nodiscard]] bool is_symbol(std::string_view symbol) const {
        return peek().kind == TokenKind::symbol && peek().text == symbol;
    }
    std::size_t emit(Op op, std::size_t operand = 0, std::size_t count = 0) {
        out_.code_.push_back({op, static_cast<std::uint16_t>(count), static_cast<std::uint32_t>(operand)});
        return out_.code_.size() - 1;
    }
    void land(std::size_t jump) { out_.code_[jump].operand = static_cast<std::uint32_t>(out_.code_.size()); }

    void ternary() {
        const Deeper deeper(*this);
        logical_or();
        while (is_symbol("??")) {
            take();
            const auto jump = emit(Op::coalesce);
            logical_or();
            land(jump);
        }
        if (!is_symbol("?")) {
            return;
        }
        take();
        const auto if_false = emit(Op::ternary);
        ternary();
        land(if_false);
        if (is_symbol(":")) { // what `?` left is nil when the condition was false
            take();
            const auto jump = emit(Op::coalesce);
            ternary();
            land(jump);
        }
    }
    void logical_or() {
        logical_and();
        while (is_symbol("||")) {
            take();
            const auto jump = emit(Op::test_or);
            logical_and();
            emit(Op::need_bool);
            land(jump);
        }
    }
    void logical_and() {
        binary(4);
        while (is_symbol("&&")) {
            take();
            const auto jump = emit(Op::test_and);
            binary(4);
            emit(Op::need_bool);
            land(jump);
        }
    }

    [[nodiscard]] std::size_t operator_at(int level) const {
        for (std::size_t i = 0; i < std::size(kOperators); ++i) {
            if (kOperators[i].level == level && is_symbol(kOperators[i].symbol)) {
                return i;
            }
        }
        return std::size(kOperators);
    }
    void binary(int level) {
        if (level > kTightest) {
            return value();
        }
        binary(level + 1);
        for (auto found = operator_at(level); found != std::size(kOperators); found = operator_at(level)) {
            take();
            binary(level + 1);
            if (!fold_regex(kOperators[found].symbol)) {
                emit(Op::binary, found);
            }
        }
    }
    /// `x =~ "constant"`: compiled now.
    bool fold_regex(std::string_view symbol) {
        if (symbol != "=~" || out_.code_.back().op != Op::constant) {
            return false;
        }
        const Value& pattern = out_.constants_[out_.code_.back().operand];
        if (!pattern.is_text()) {
            return false;
        }
        out_.patterns_.push_back(Pattern::compile(pattern.as_text()).or_throw());
        out_.code_.pop_back();
        emit(Op::match_regex, out_.patterns_.size() - 1, 1);
        return true;
    }

    void value() {
        const Token token = peek();
        switch (token.kind) {
        case TokenKind::number:
            take();
            return constant(Value::number(token.number));
        case TokenKind::boolean:
            take();
            return constant(Value::boolean(token.number != 0));
        case TokenKind::text:
            take();
            out_.has_markers_ = out_.has_markers_ || token.text.find("{{") != std::string::npos;
            return constant(Value::text(token.text));
        case TokenKind::name:
            take();
            return name(token.text);
        case TokenKind::function:
            take();
            return call(token.text);
        case TokenKind::open:
            return clause();
        case TokenKind::symbol:
            return prefix();
        default:
            fail(token.kind == TokenKind::end ? "the expression ends too early" : "a value is missing");
        }
    }
    void constant(Value value) {
        out_.constants_.push_back(std::move(value));
        emit(Op::constant, out_.constants_.size() - 1);
    }
    void name(const std::string& text) {
        const auto found = std::find(out_.names_.begin(), out_.names_.end(), text);
        const auto index = static_cast<std::size_t>(found - out_.names_.begin());
        if (found == out_.names_.end()) {
            out_.names_.push_back(text);
        }
        emit(Op::variable, index);
    }
    void prefix() {
        const Deeper deeper(*this);
        const Token token = take();
        if (token.text != "-" && token.text != "!" && token.text != "~") {
            --at_;
            fail(fmt::format("\"{}\" stands where a value is expected", token.text));
        }
        value();
        emit(Op::unary, static_cast<unsigned char>(token.text.front()));
    }
    /// `(a)` is a value, `(a, b)` a list for `in`.
    void clause() {
        take();
        const std::size_t count = list();
        if (count == 0) {
            fail("an empty clause");
        }
        if (count > 1) {
            emit(Op::make_list, 0, count);
        }
    }
    std::size_t list() {
        std::size_t count = 0;
        while (peek().kind != TokenKind::close) {
            if (count > 0 && take().kind != TokenKind::comma) {
                --at_;
                fail("a comma or a closing bracket is missing");
            }
            ternary();
            ++count;
            if (count > 0xFFFF) {
                fail("too many arguments");
            }
        }
        take();
        return count;
    }
    void call(const std::string& function_name) {
        if (peek().kind != TokenKind::open) {
            fail(fmt::format("{} is a function: its arguments are missing", function_name));
        }
        take();
        const std::size_t begin = out_.code_.size();
        const std::size_t count = list();
        const Function* function = find_function(function_name);
        if (function->name == "regex" && count == 2 && fold_call(begin)) {
            return;
        }
        out_.functions_.push_back(function);
        emit(Op::call, out_.functions_.size() - 1, count);
    }
    /// regex("constant", x): the pattern is compiled now; a wrong one makes the template invalid.
    bool fold_call(std::size_t begin) {
        const Instruction first = out_.code_[begin];
        if (first.op != Op::constant || !out_.constants_[first.operand].is_text() || out_.has_markers_) {
            return false;
        }
        const std::string pattern(out_.constants_[first.operand].as_text());
        if (pattern.find("{{") != std::string::npos || has_jumps(begin)) {
            return false;
        }
        auto compiled = Pattern::compile(pattern);
        if (!compiled) {
            return false; // as in nuclei an error when evaluated
        }
        out_.patterns_.push_back(std::move(compiled).value());
        out_.code_.erase(out_.code_.begin() + static_cast<std::ptrdiff_t>(begin));
        emit(Op::match_regex, out_.patterns_.size() - 1, 2);
        return true;
    }
    /// Code with jumps in it cannot be moved.
    [[nodiscard]] bool has_jumps(std::size_t begin) const {
        return std::any_of(
            out_.code_.begin() + static_cast<std::ptrdiff_t>(begin),
            out_.code_.end(),
            [](const Instruction& code) {
                return code.op == Op::test_and || code.op == Op::test_or || code.op == Op::ternary
                       || code.op == Op::coalesce;
            }
        );
    }

    std::vector<Token> tokens_;
    Expression& out_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

base::Result<Expression> Expression::compile(std::string_view text) {
    if (text.size() > kMaxExpression) {
        return base::Error(base::ErrorCode::invalid_argument, "the expression is too long");
    }
    auto tokens = tokenize(text);
    if (!tokens) {
        return tokens.error();
    }
    Expression expression;
    expression.text_ = text;
    try {
        ExpressionCompiler(std::move(tokens).value(), expression).run();
    } catch (const base::Error& error) {
        return error;
    }
    return expression;
}

bool Expression::calls_functions() const {
    return !functions_.empty() || !patterns_.empty();
}

bool Expression::calls(std::string_view function) const {
    return std::any_of(functions_.begin(), functions_.end(), [function](const Function* called) {
        return called->name == function;
    });
}

namespace {

using FunctionTable = std::unordered_map<std::string, const Function*>;

FunctionTable build_table() {
    FunctionTable table;
    for (const auto functions :
         {text_functions(),
          search_functions(),
          codec_functions(),
          digest_functions(),
          random_functions(),
          number_functions(),
          refused_functions()}) {
        for (const auto& function : functions) {
            std::string name(function.name);
            table.emplace(name, &function);
            std::erase(name, '_'); // every function also without its underscores (point 17)
            table.emplace(name, &function);
        }
    }
    return table;
}

} // namespace

const Function* find_function(std::string_view name) {
    static const FunctionTable kTable = build_table();
    const auto found = kTable.find(std::string(name));
    return found != kTable.end() ? found->second : nullptr;
}

std::string_view function_refusal(std::string_view name) {
    const Function* function = find_function(name);
    return function != nullptr ? function->refusal : std::string_view();
}

base::Error function_error(std::string_view what) {
    return {base::ErrorCode::invalid_argument, std::string(what)};
}

} // namespace fengsui::templates
