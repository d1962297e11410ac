#include "workflow/expression.h"

#include "base/text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace fengsui::workflow {

using base::Json;

/// One step of the tree: a value, or an operation on two.
struct Expression::Node {
    enum class Kind { constant, identifier, compare, logical_not, logical_and, logical_or };
    enum class Relation { equal, unequal, less, less_or_equal, greater, greater_or_equal };

    Kind kind = Kind::constant;
    Relation relation = Relation::equal;
    Json value;       ///< constant
    std::string path; ///< identifier
    std::shared_ptr<const Node> left;
    std::shared_ptr<const Node> right;
};

namespace {

using Node = Expression::Node;
using NodePtr = std::shared_ptr<const Node>;

constexpr std::size_t kMaxText = 2000;
constexpr std::size_t kMaxDepth = 32;

bool is_name_start(char c) {
    return base::is_alpha(c) || c == '_';
}
bool is_name_part(char c) {
    return is_name_start(c) || base::is_digit(c) || c == '.';
}

/// Recursive descent; the first mistake ends it, thrown as base::Error and caught in parse().
class ExpressionParser {
public:
    explicit ExpressionParser(std::string_view text) : text_(text) {}

    NodePtr parse() {
        NodePtr root = disjunction(0);
        if (at_ < text_.size()) {
            fail("nothing more is expected here");
        }
        return root;
    }

private:
    [[noreturn]] void fail(std::string_view what) const {
        throw base::Error(
            base::ErrorCode::invalid_argument,
            fmt::format(
                "column {}: {}, in \"{}\"", at_ + 1, what, base::shorten(base::scrub_utf8(text_), 120)
            )
        );
    }
    void skip_spaces() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
            ++at_;
        }
    }
    bool take(std::string_view token) {
        skip_spaces();
        if (!text_.substr(at_).starts_with(token)) {
            return false;
        }
        at_ += token.size();
        return true;
    }
    bool take_word(std::string_view word) {
        skip_spaces();
        const std::string_view rest = text_.substr(at_);
        if (!rest.starts_with(word) || (rest.size() > word.size() && is_name_part(rest[word.size()]))) {
            return false;
        }
        at_ += word.size();
        return true;
    }

    NodePtr disjunction(std::size_t depth) {
        NodePtr left = conjunction(depth);
        while (take_word("or")) {
            left = join(Node::Kind::logical_or, std::move(left), conjunction(depth));
        }
        return left;
    }
    NodePtr conjunction(std::size_t depth) {
        NodePtr left = negation(depth);
        while (take_word("and")) {
            left = join(Node::Kind::logical_and, std::move(left), negation(depth));
        }
        return left;
    }
    NodePtr negation(std::size_t depth) {
        if (depth > kMaxDepth) {
            fail("nested too deeply");
        }
        if (take_word("not")) {
            return join(Node::Kind::logical_not, negation(depth + 1), nullptr);
        }
        if (take("(")) {
            NodePtr inner = disjunction(depth + 1);
            if (!take(")")) {
                fail("a closing parenthesis is missing");
            }
            return inner;
        }
        return comparison();
    }
    /// Chains of and/or lean left and are as deep as they are long; kMaxText bounds them (400 parts).
    static NodePtr join(Node::Kind kind, NodePtr left, NodePtr right) {
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->left = std::move(left);
        node->right = std::move(right);
        return node;
    }

    NodePtr comparison() {
        NodePtr left = operand();
        const auto relation = take_relation();
        if (!relation) {
            if (left->kind == Node::Kind::constant && !left->value.is_bool()) {
                fail("a comparison is expected: == != <= >= < >");
            }
            return left;
        }
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::compare;
        node->relation = *relation;
        node->left = std::move(left);
        node->right = operand();
        return node;
    }
    std::optional<Node::Relation> take_relation() {
        struct Sign {
            std::string_view text;
            Node::Relation relation;
        };
        constexpr std::array<Sign, 6> kSigns = {{
            {"==", Node::Relation::equal},
            {"!=", Node::Relation::unequal},
            {"<=", Node::Relation::less_or_equal},
            {">=", Node::Relation::greater_or_equal},
            {"<", Node::Relation::less},
            {">", Node::Relation::greater},
        }};
        for (const auto& sign : kSigns) {
            if (take(sign.text)) {
                return sign.relation;
            }
        }
        return std::nullopt;
    }

    NodePtr operand() {
        skip_spaces();
        if (at_ >= text_.size()) {
            fail("a name, number, 'text', true or false is expected");
        }
        auto node = std::make_shared<Node>();
        const char c = text_[at_];
        if (c == '\'') {
            node->value = quoted();
        } else if (base::is_digit(c) || c == '-') {
            node->value = number();
        } else if (is_name_start(c)) {
            name(*node);
        } else {
            fail("a name, number, 'text', true or false is expected");
        }
        return node;
    }
    Json quoted() {
        const auto end = text_.find('\'', at_ + 1);
        if (end == std::string_view::npos) {
            fail("the closing ' is missing");
        }
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return inside;
    }
    Json number() {
        std::size_t end = at_ + 1;
        while (end < text_.size() && (base::is_digit(text_[end]) || text_[end] == '.')) {
            ++end;
        }
        double value = 0;
        const auto [stop, failure] = std::from_chars(text_.data() + at_, text_.data() + end, value);
        const bool joined_to_name = end < text_.size() && is_name_start(text_[end]);
        if (failure != std::errc() || stop != text_.data() + end || joined_to_name) {
            fail("not a number");
        }
        at_ = end;
        return value;
    }
    void name(Node& node) {
        std::size_t end = at_;
        while (end < text_.size() && is_name_part(text_[end])) {
            ++end;
        }
        const std::string_view word = text_.substr(at_, end - at_);
        if (word == "and" || word == "or" || word == "not") {
            fail("a name, number, 'text', true or false is expected");
        }
        if (word.ends_with('.') || word.find("..") != std::string_view::npos) {
            fail("a name may not end in a dot or have two together");
        }
        at_ = end;
        if (word == "true" || word == "false") {
            node.value = word == "true";
            return;
        }
        node.kind = Node::Kind::identifier;
        node.path = word;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

const Json& value_of(const Node& node, const Json& facts) {
    return node.kind == Node::Kind::identifier ? fact(facts, node.path) : node.value;
}

bool is_ordered(Node::Relation relation, double left, double right) {
    switch (relation) {
    case Node::Relation::less:
        return left < right;
    case Node::Relation::less_or_equal:
        return left <= right;
    case Node::Relation::greater:
        return left > right;
    case Node::Relation::greater_or_equal:
        return left >= right;
    default:
        return false;
    }
}

bool compare(const Node& node, const Json& facts) {
    const Json& left = value_of(*node.left, facts);
    const Json& right = value_of(*node.right, facts);
    if (left.is_null() || right.is_null()) {
        return false;
    }
    const bool numbers = left.is_number() && right.is_number();
    const bool same = numbers ? left.as_double() == right.as_double() : left == right;
    if (node.relation == Node::Relation::equal) {
        return same;
    }
    if (node.relation == Node::Relation::unequal) {
        return !same;
    }
    return numbers && is_ordered(node.relation, left.as_double(), right.as_double());
}

bool holds(const Node& node, const Json& facts) {
    switch (node.kind) {
    case Node::Kind::compare:
        return compare(node, facts);
    case Node::Kind::logical_not:
        return !holds(*node.left, facts);
    case Node::Kind::logical_and:
        return holds(*node.left, facts) && holds(*node.right, facts);
    case Node::Kind::logical_or:
        return holds(*node.left, facts) || holds(*node.right, facts);
    default:
        return value_of(node, facts).as_bool();
    }
}

} // namespace

base::Result<Expression> Expression::parse(std::string_view text) {
    if (text.size() > kMaxText) {
        return base::Error(
            base::ErrorCode::invalid_argument, fmt::format("a condition has at most {} bytes", kMaxText)
        );
    }
    try {
        Expression expression;
        expression.root_ = ExpressionParser(text).parse();
        expression.text_ = text;
        return expression;
    } catch (const base::Error& error) {
        return error;
    }
}

bool Expression::eval(const Json& facts) const {
    return root_ == nullptr || holds(*root_, facts);
}

const Json& fact(const Json& facts, std::string_view path) {
    const Json* at = &facts;
    for (const std::string_view name : base::split(path, '.')) {
        at = &(*at)[name];
    }
    return *at;
}

} // namespace fengsui::workflow
