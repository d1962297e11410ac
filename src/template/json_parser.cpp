#include "base/text.h"
#include "template/json_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fengsui::templates {

using base::Json;

namespace {

using Node = JsonQuery::Node;
using NodePtr = std::shared_ptr<const Node>;
using Kind = Node::Kind;

constexpr int kMaxDepth = 64;

constexpr std::string_view kFunctions[] = {
    "select",       "map",        "keys",     "values",   "length",
    "to_entries",   "first",      "last",     "tostring", "tonumber",
    "type",         "not",        "has",      "join",     "split",
    "test",         "startswith", "endswith", "contains", "ascii_downcase",
    "ascii_upcase", "add",        "any",      "all",      "unique",
    "sort",         "empty",      "flatten",  "recurse",  "reverse"};

NodePtr node(Kind kind, std::vector<NodePtr> children = {}, std::string text = {}, Json value = {}) {
    return std::make_shared<const Node>(Node{kind, std::move(text), std::move(value), std::move(children)});
}

[[noreturn]] void fail(std::string_view what) {
    throw base::Error(base::ErrorCode::invalid_argument, std::string(what));
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    NodePtr all() {
        NodePtr query = pipe(0);
        skip();
        if (at_ != text_.size()) {
            fail(fmt::format("unexpected \"{:.20}\"", text_.substr(at_)));
        }
        return query;
    }

private:
    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) {
            ++at_;
        }
    }
    bool take(std::string_view symbol) {
        skip();
        if (!text_.substr(at_).starts_with(symbol)) {
            return false;
        }
        at_ += symbol.size();
        return true;
    }
    bool take_word(std::string_view word) {
        skip();
        const std::size_t end = at_ + word.size();
        const bool ends = end >= text_.size() || !(base::is_alpha(text_[end]) || text_[end] == '_');
        return ends && take(word);
    }

    NodePtr pipe(int depth) {
        if (depth > kMaxDepth) {
            fail("nested too deeply");
        }
        NodePtr left = comma(depth);
        while (take("|")) {
            left = node(Kind::pipe, {left, comma(depth)});
        }
        return left;
    }
    NodePtr comma(int depth) {
        NodePtr left = alternative(depth);
        while (take(",")) {
            left = node(Kind::comma, {left, alternative(depth)});
        }
        return left;
    }
    NodePtr alternative(int depth) {
        NodePtr left = logic_or(depth);
        while (take("//")) {
            left = node(Kind::alternative, {left, logic_or(depth)});
        }
        return left;
    }
    NodePtr logic_or(int depth) {
        NodePtr left = logic_and(depth);
        while (take_word("or")) {
            left = node(Kind::logic_or, {left, logic_and(depth)});
        }
        return left;
    }
    NodePtr logic_and(int depth) {
        NodePtr left = compare(depth);
        while (take_word("and")) {
            left = node(Kind::logic_and, {left, compare(depth)});
        }
        return left;
    }
    NodePtr compare(int depth) {
        NodePtr left = plus(depth);
        for (const std::string_view symbol : {"==", "!=", "<=", ">=", "<", ">"}) {
            if (take(symbol)) {
                return node(Kind::compare, {left, plus(depth)}, std::string(symbol));
            }
        }
        return left;
    }
    NodePtr plus(int depth) {
        NodePtr left = postfix(depth);
        while (take("+")) {
            left = node(Kind::plus, {left, postfix(depth)});
        }
        return left;
    }

    NodePtr postfix(int depth) {
        NodePtr left = primary(depth);
        while (at_ < text_.size()) {
            if (text_[at_] == '[') {
                left = bracket(left, depth);
            } else if (text_[at_] == '?') {
                ++at_;
                left = node(Kind::attempt, {left});
            } else if (text_[at_] == '.' && at_ + 1 < text_.size() && text_[at_ + 1] != '.') {
                ++at_;
                left = after_dot(left, depth);
            } else {
                break;
            }
        }
        return left;
    }
    NodePtr after_dot(const NodePtr& left, int depth) {
        if (at_ < text_.size() && text_[at_] == '[') {
            return bracket(left, depth);
        }
        if (at_ < text_.size() && text_[at_] == '"') {
            return node(Kind::field, {left}, string());
        }
        const std::string name = identifier();
        if (name.empty()) {
            fail("a field name is missing after the dot");
        }
        return node(Kind::field, {left}, name);
    }
    NodePtr bracket(const NodePtr& left, int depth) {
        ++at_;
        if (take("]")) {
            return node(Kind::iterate, {left});
        }
        NodePtr inner = pipe(depth + 1);
        if (!take("]")) {
            fail("a bracket is not closed");
        }
        return node(Kind::index, {left, inner});
    }

    NodePtr primary(int depth) {
        skip();
        if (at_ >= text_.size()) {
            fail("the query ends too early");
        }
        const char c = text_[at_];
        if (c == '.') {
            ++at_;
            if (at_ < text_.size() && text_[at_] == '.') {
                ++at_;
                return node(Kind::recurse);
            }
            const bool goes_on =
                at_ < text_.size() && (base::is_alpha(text_[at_]) || text_[at_] == '_' || text_[at_] == '"');
            return goes_on ? after_dot(node(Kind::identity), depth) : node(Kind::identity);
        }
        if (c == '"') {
            return node(Kind::literal, {}, {}, Json(string()));
        }
        if (c == '(') {
            ++at_;
            NodePtr inner = pipe(depth + 1);
            if (!take(")")) {
                fail("a bracket is not closed");
            }
            return inner;
        }
        if (c == '[') {
            ++at_;
            NodePtr inner = take("]") ? node(Kind::call, {}, "empty") : pipe(depth + 1);
            if (text_[at_ - 1] != ']' && !take("]")) {
                fail("a bracket is not closed");
            }
            return node(Kind::array, {inner});
        }
        if (base::is_digit(c) || c == '-') {
            return number();
        }
        return word(depth);
    }
    NodePtr number() {
        double value = 0;
        const auto [end, failure] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (failure != std::errc()) {
            fail("not a number");
        }
        at_ = static_cast<std::size_t>(end - text_.data());
        return node(Kind::literal, {}, {}, Json(value));
    }
    NodePtr word(int depth) {
        const std::string name = identifier();
        if (name == "true" || name == "false" || name == "null") {
            return node(Kind::literal, {}, {}, name == "null" ? Json() : Json(name == "true"));
        }
        if (std::find(std::begin(kFunctions), std::end(kFunctions), name) == std::end(kFunctions)) {
            fail(fmt::format(
                "\"{:.30}\" is not provided in json queries", name.empty() ? text_.substr(at_) : name
            ));
        }
        std::vector<NodePtr> arguments;
        if (at_ < text_.size() && text_[at_] == '(') {
            ++at_;
            do {
                arguments.push_back(pipe(depth + 1));
            } while (take(";"));
            if (!take(")")) {
                fail("a bracket is not closed");
            }
        }
        return node(Kind::call, std::move(arguments), name);
    }
    std::string identifier() {
        const std::size_t begin = at_;
        while (at_ < text_.size()
               && (base::is_alpha(text_[at_]) || text_[at_] == '_' || base::is_digit(text_[at_]))) {
            ++at_;
        }
        return std::string(text_.substr(begin, at_ - begin));
    }
    std::string string() {
        const std::size_t begin = at_++;
        while (at_ < text_.size() && text_[at_] != '"') {
            at_ += text_[at_] == '\\' ? 2 : 1;
        }
        if (at_ >= text_.size()) {
            fail("a string is not closed");
        }
        const auto parsed = base::parse_json(text_.substr(begin, ++at_ - begin));
        if (!parsed) {
            fail("not a string");
        }
        return parsed->as_string();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

std::shared_ptr<const JsonQuery::Node> parse_json_query(std::string_view text) {
    return Parser(text).all();
}

} // namespace fengsui::templates
