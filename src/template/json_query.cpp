#include "base/text.h"
#include "template/bytes.h"
#include "template/json_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace fengsui::templates {

using base::Json;

namespace {

using Node = JsonQuery::Node;
using Kind = Node::Kind;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxResults = 10000;

[[noreturn]] void fail(std::string_view what) {
    throw base::Error(base::ErrorCode::invalid_argument, std::string(what));
}

bool is_true(const Json& value) {
    return !value.is_null() && !(value.is_bool() && !value.as_bool());
}

int rank(const Json& value) {
    if (value.is_null()) {
        return 0;
    }
    if (value.is_bool()) {
        return value.as_bool() ? 2 : 1;
    }
    if (value.is_number()) {
        return 3;
    }
    return value.is_string() ? 4 : (value.is_array() ? 5 : 6);
}

int order(const Json& left, const Json& right) {
    if (rank(left) != rank(right)) {
        return rank(left) < rank(right) ? -1 : 1;
    }
    if (left.is_number()) {
        return left.as_double() < right.as_double() ? -1 : (left.as_double() > right.as_double() ? 1 : 0);
    }
    if (left.is_string()) {
        return left.as_string().compare(right.as_string());
    }
    return go_json(left).compare(go_json(right));
}

using Sink = std::function<void(const Json&)>;

class Runner {
public:
    explicit Runner(std::size_t limit) : limit_(limit) {}

    void run(const Node& query, const Json& input, const Sink& sink, int depth = 0) {
        if (depth > kMaxDepth * 4) {
            fail("nested too deeply");
        }
        if (++steps_ > limit_ * 20) {
            fail("too many results");
        }
        switch (query.kind) {
        case Kind::identity:
            return sink(input);
        case Kind::literal:
            return sink(query.value);
        case Kind::recurse:
            return recurse(input, sink, 0);
        case Kind::comma:
            run(*query.children[0], input, sink, depth + 1);
            return run(*query.children[1], input, sink, depth + 1);
        case Kind::call:
            return call(query, input, sink, depth);
        case Kind::attempt:
            return attempt(query, input, sink, depth);
        case Kind::alternative:
            return alternative(query, input, sink, depth);
        case Kind::array:
            return sink(collect(*query.children[0], input, depth));
        case Kind::field:
        case Kind::iterate:
        case Kind::pipe:
            return unary(query, input, sink, depth);
        default:
            return binary(query, input, sink, depth);
        }
    }

private:
    Json collect(const Node& query, const Json& input, int depth) {
        Json list = Json::array();
        run(
            query, input, [&list](const Json& value) { list.push(value); }, depth + 1
        );
        return list;
    }
    void unary(const Node& query, const Json& input, const Sink& sink, int depth) {
        const auto each = [&](const Json& value) {
            if (query.kind == Kind::field) {
                field(value, query.text, sink);
            } else if (query.kind == Kind::iterate) {
                iterate(value, sink);
            } else {
                run(*query.children[1], value, sink, depth + 1);
            }
        };
        run(*query.children[0], input, each, depth + 1);
    }
    static void field(const Json& value, const std::string& name, const Sink& sink) {
        if (!value.is_object() && !value.is_null()) {
            fail(fmt::format("cannot index with \"{}\"", name));
        }
        sink(value[name]);
    }
    static void iterate(const Json& value, const Sink& sink) {
        if (value.is_array()) {
            for (const auto& item : value.items()) {
                sink(item);
            }
            return;
        }
        if (!value.is_object()) {
            fail("cannot iterate");
        }
        for (const auto& member : sorted_members(value)) {
            sink(member.second);
        }
    }
    static void recurse(const Json& value, const Sink& sink, int depth) {
        sink(value);
        if (depth < kMaxDepth && (value.is_array() || value.is_object())) {
            iterate(value, [&sink, depth](const Json& inner) { recurse(inner, sink, depth + 1); });
        }
    }
    void attempt(const Node& query, const Json& input, const Sink& sink, int depth) {
        try {
            run(*query.children[0], input, sink, depth + 1);
        } catch (const base::Error&) {
            return; // `?` takes the error for the end
        }
    }
    void alternative(const Node& query, const Json& input, const Sink& sink, int depth) {
        bool found = false;
        const auto each = [&](const Json& value) {
            if (is_true(value)) {
                found = true;
                sink(value);
            }
        };
        try {
            run(*query.children[0], input, each, depth + 1);
        } catch (const base::Error&) {
            found = found || false; // an error counts as nothing found
        }
        if (!found) {
            run(*query.children[1], input, sink, depth + 1);
        }
    }
    void binary(const Node& query, const Json& input, const Sink& sink, int depth) {
        const auto left_done = [&](const Json& left) {
            const auto right_done = [&](const Json& right) {
                sink(combined(query, left, right));
            };
            const bool decides = (query.kind == Kind::logic_and && !is_true(left))
                                 || (query.kind == Kind::logic_or && is_true(left));
            if (decides) {
                return sink(Json(query.kind == Kind::logic_or));
            }
            run(*query.children[1], input, right_done, depth + 1);
        };
        run(*query.children[0], input, left_done, depth + 1);
    }
    static Json combined(const Node& query, const Json& left, const Json& right) {
        if (query.kind == Kind::logic_and || query.kind == Kind::logic_or) {
            return is_true(right);
        }
        if (query.kind == Kind::plus) {
            return sum(left, right);
        }
        if (query.kind == Kind::index) {
            return element(left, right);
        }
        const int result = order(left, right);
        if (query.text == "==" || query.text == "!=") {
            return (result == 0) == (query.text == "==");
        }
        if (query.text.size() == 2) {
            return query.text[0] == '<' ? result <= 0 : result >= 0;
        }
        return query.text[0] == '<' ? result < 0 : result > 0;
    }
    static Json element(const Json& value, const Json& key) {
        if (key.is_string() && (value.is_object() || value.is_null())) {
            return value[key.as_string()];
        }
        if (!key.is_number() || !(value.is_array() || value.is_null())) {
            fail("cannot index");
        }
        const auto size = static_cast<std::int64_t>(value.items().size());
        const auto given = static_cast<std::int64_t>(key.as_double());
        const std::int64_t at = given < 0 ? size + given : given;
        return at >= 0 && at < size ? value.items()[static_cast<std::size_t>(at)] : Json();
    }
    static Json sum(const Json& left, const Json& right) {
        if (left.is_null() || right.is_null()) {
            return left.is_null() ? right : left;
        }
        if (left.is_string() && right.is_string()) {
            return left.as_string() + right.as_string();
        }
        if (left.is_number() && right.is_number()) {
            return left.as_double() + right.as_double();
        }
        if (!left.is_array() || !right.is_array()) {
            fail("cannot be added");
        }
        Json list = left;
        for (const auto& item : right.items()) {
            list.push(item);
        }
        return list;
    }

    void call(const Node& query, const Json& input, const Sink& sink, int depth) {
        const std::string& name = query.text;
        if (name == "empty") {
            return;
        }
        if (name == "values") {
            return input.is_null() ? void() : sink(input);
        }
        if (name == "recurse") {
            return recurse(input, sink, 0);
        }
        if (name == "select") {
            const auto each = [&](const Json& verdict) {
                if (is_true(verdict)) {
                    sink(input);
                }
            };
            return run(argument(query), input, each, depth + 1);
        }
        if (name == "map") {
            Json list = Json::array();
            const auto each = [&](const Json& item) {
                run(
                    argument(query), item, [&list](const Json& value) { list.push(value); }, depth + 1
                );
            };
            iterate(input, each);
            return sink(list);
        }
        sink(result_of(query, input, depth));
    }
    static const Node& argument(const Node& query) {
        if (query.children.empty()) {
            fail(fmt::format("{}: its argument is missing", query.text));
        }
        return *query.children[0];
    }
    Json result_of(const Node& query, const Json& input, int depth) {
        const std::string& name = query.text;
        if (name == "has" || name == "join" || name == "split" || name == "startswith" || name == "endswith"
            || name == "contains" || name == "test") {
            const Json list = collect(argument(query), input, depth);
            return list.items().empty() ? Json() : with_argument(name, input, list.items().front());
        }
        if (name == "any" || name == "all") {
            return quantified(query, input, depth);
        }
        return plain(name, input);
    }
    Json quantified(const Node& query, const Json& input, int depth) {
        const bool wants_any = query.text == "any";
        bool result = !wants_any;
        const auto judge = [&](const Json& verdict) {
            result = wants_any ? result || is_true(verdict) : result && is_true(verdict);
        };
        iterate(input, [&](const Json& item) {
            if (query.children.empty()) {
                judge(item);
            } else {
                run(*query.children[0], item, judge, depth + 1);
            }
        });
        return result;
    }
    static Json with_argument(const std::string& name, const Json& input, const Json& other) {
        const std::string& text = input.as_string();
        if (name == "has") {
            return other.is_string() ? input.find(other.as_string()) != nullptr
                                     : other.as_int(-1) >= 0
                                           && static_cast<std::size_t>(other.as_int()) < input.items().size();
        }
        if (name == "join") {
            std::vector<std::string> parts;
            for (const auto& item : input.items()) {
                parts.push_back(item.is_null() ? "" : json_result_text(item));
            }
            return fmt::format("{}", fmt::join(parts, other.as_string()));
        }
        if (name == "split") {
            Json list = Json::array();
            std::size_t at = 0;
            const std::string& separator = other.as_string();
            for (auto found = separator.empty() ? std::string::npos : text.find(separator);
                 found != std::string::npos;
                 found = text.find(separator, at)) {
                list.push(text.substr(at, found - at));
                at = found + separator.size();
            }
            list.push(text.substr(at));
            return list;
        }
        if (name == "startswith" || name == "endswith") {
            return name == "startswith" ? text.starts_with(other.as_string())
                                        : text.ends_with(other.as_string());
        }
        if (name == "contains") {
            return input.is_string()
                       ? text.find(other.as_string()) != std::string::npos
                       : std::find(input.items().begin(), input.items().end(), other) != input.items().end();
        }
        return text.find(other.as_string()) != std::string::npos; // test, with a plain text
    }
    static Json plain(const std::string& name, const Json& input) {
        if (name == "length") {
            return length(input);
        }
        if (name == "keys") {
            return keys(input);
        }
        if (name == "to_entries") {
            Json list = Json::array();
            for (const auto& member : sorted_members(input)) {
                list.push(Json::object({{"key", member.first}, {"value", member.second}}));
            }
            return list;
        }
        if (name == "tostring") {
            return input.is_string() ? input : Json(go_json(input));
        }
        if (name == "tonumber") {
            return input.is_number() ? input : base::parse_json(input.as_string()).or_throw();
        }
        if (name == "type") {
            static constexpr std::string_view kNames[] = {
                "null", "boolean", "boolean", "number", "string", "array", "object"};
            return kNames[rank(input)];
        }
        if (name == "not") {
            return !is_true(input);
        }
        if (name == "ascii_downcase" || name == "ascii_upcase") {
            return name == "ascii_downcase" ? base::to_lower(input.as_string())
                                            : unicode_upper(input.as_string());
        }
        return of_list(name, input);
    }
    static Json length(const Json& input) {
        if (input.is_string()) {
            std::int64_t count = 0;
            for (const char c : input.as_string()) {
                count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
            }
            return count;
        }
        return static_cast<std::int64_t>(input.is_object() ? input.members().size() : input.items().size());
    }
    static Json keys(const Json& input) {
        Json list = Json::array();
        if (input.is_object()) {
            for (const auto& member : sorted_members(input)) {
                list.push(member.first);
            }
            return list;
        }
        if (!input.is_array()) {
            fail("it has no keys");
        }
        for (std::size_t i = 0; i < input.items().size(); ++i) {
            list.push(static_cast<std::int64_t>(i));
        }
        return list;
    }
    static Json of_list(const std::string& name, const Json& input) {
        if (!input.is_array()) {
            fail(fmt::format("{}: not an array", name));
        }
        base::JsonArray items = input.items();
        if (name == "first" || name == "last") {
            return items.empty() ? Json() : (name == "first" ? items.front() : items.back());
        }
        if (name == "add") {
            Json total;
            for (const auto& item : items) {
                total = sum(total, item);
            }
            return total;
        }
        if (name == "reverse") {
            std::reverse(items.begin(), items.end());
            return Json(std::move(items));
        }
        if (name == "flatten") {
            Json flat = Json::array();
            for (const auto& item : items) {
                if (!item.is_array()) {
                    flat.push(item);
                }
                for (const auto& inner : item.items()) {
                    flat.push(inner);
                }
            }
            return flat;
        }
        std::stable_sort(items.begin(), items.end(), [](const Json& a, const Json& b) {
            return order(a, b) < 0;
        });
        if (name == "unique") {
            items.erase(std::unique(items.begin(), items.end()), items.end());
        }
        return Json(std::move(items));
    }

    std::size_t limit_;
    std::size_t steps_ = 0;
};

} // namespace

base::Result<JsonQuery> JsonQuery::compile(std::string_view text) {
    try {
        JsonQuery query;
        query.root_ = parse_json_query(text);
        return query;
    } catch (const base::Error& error) {
        return error;
    }
}

std::vector<Json> JsonQuery::run(const Json& input, std::size_t limit) const {
    std::vector<Json> results;
    try {
        Runner(std::min(limit, kMaxResults)).run(*root_, input, [&results](const Json& value) {
            results.push_back(value);
        });
    } catch (const base::Error&) {
        return results; // jq ends at its first error; what came before stays
    }
    return results;
}

} // namespace fengsui::templates
