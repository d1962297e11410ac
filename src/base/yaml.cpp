#include "base/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <yaml.h>

namespace fengsui::base {

namespace {

constexpr std::size_t kMaxYamlDepth = 64;

/// libyaml's parser, deleted by itself.
class Parser {
public:
    explicit Parser(std::string_view text) {
        FENGSUI_CHECK(yaml_parser_initialize(&parser_) == 1, "no memory for a YAML parser");
        yaml_parser_set_input_string(
            &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size()
        );
    }
    ~Parser() { yaml_parser_delete(&parser_); }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    [[nodiscard]] const yaml_parser_t& get() const { return parser_; }
    yaml_parser_t* handle() { return &parser_; }

private:
    yaml_parser_t parser_{};
};

/// One event of the parser, deleted by itself.
class Event {
public:
    Event() = default;
    ~Event() { yaml_event_delete(&event_); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    yaml_event_t* slot() { return &event_; }
    [[nodiscard]] yaml_event_type_t type() const { return event_.type; }
    [[nodiscard]] unsigned line() const { return static_cast<unsigned>(event_.start_mark.line) + 1; }
    [[nodiscard]] bool has_anchor() const {
        return (type() == YAML_SCALAR_EVENT && event_.data.scalar.anchor != nullptr)
               || (type() == YAML_MAPPING_START_EVENT && event_.data.mapping_start.anchor != nullptr)
               || (type() == YAML_SEQUENCE_START_EVENT && event_.data.sequence_start.anchor != nullptr);
    }
    [[nodiscard]] std::string_view text() const {
        return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
    }
    [[nodiscard]] bool is_plain() const { return event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE; }

private:
    yaml_event_t event_{};
};

template <class Number>
bool whole_number(std::string_view text, Number& value) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size();
}

/// What an unquoted scalar means; everything else is text.
Json plain_value(std::string_view text) {
    if (text.empty() || text == "~" || text == "null") {
        return nullptr;
    }
    if (text == "true" || text == "false") {
        return text == "true";
    }
    std::int64_t integer = 0;
    if (whole_number(text, integer)) {
        return integer;
    }
    double real = 0;
    if (whole_number(text, real) && std::isfinite(real)) {
        return real;
    }
    return text;
}

Json scalar(const Event& event) {
    Json value = event.is_plain() ? plain_value(event.text()) : Json(event.text());
    value.set_line(event.line());
    return value;
}

Error at_line(unsigned line, std::string_view what) {
    return {ErrorCode::invalid_argument, fmt::format("line {}: {}", line, what)};
}

class Reader {
public:
    explicit Reader(std::string_view text) : parser_(text) {}

    Json document() {
        expect(YAML_STREAM_START_EVENT);
        Event first;
        next(first);
        if (first.type() == YAML_STREAM_END_EVENT) {
            return {};
        }
        Event root;
        next(root);
        Json value = node(root, 0);
        expect(YAML_DOCUMENT_END_EVENT);
        Event last;
        next(last);
        if (last.type() != YAML_STREAM_END_EVENT) {
            throw at_line(last.line(), "a second document; one is expected");
        }
        return value;
    }

private:
    void next(Event& event) {
        if (yaml_parser_parse(parser_.handle(), event.slot()) == 0) {
            const auto& state = parser_.get();
            throw at_line(
                static_cast<unsigned>(state.problem_mark.line) + 1,
                fmt::format("not valid YAML: {}", state.problem != nullptr ? state.problem : "unreadable")
            );
        }
        if (event.type() == YAML_ALIAS_EVENT || event.has_anchor()) {
            throw at_line(event.line(), "anchors and aliases are not accepted; write the value out");
        }
    }
    void expect(yaml_event_type_t type) {
        Event event;
        next(event);
        FENGSUI_CHECK(event.type() == type, "unexpected YAML event");
    }
    Json node(const Event& event, std::size_t depth) {
        if (depth > kMaxYamlDepth) {
            throw at_line(event.line(), "nested too deeply");
        }
        if (event.type() == YAML_MAPPING_START_EVENT) {
            return mapping(event.line(), depth);
        }
        if (event.type() == YAML_SEQUENCE_START_EVENT) {
            return sequence(event.line(), depth);
        }
        return scalar(event);
    }
    Json mapping(unsigned line, std::size_t depth) {
        Json value = Json::object();
        value.set_line(line);
        while (true) {
            Event key;
            next(key);
            if (key.type() == YAML_MAPPING_END_EVENT) {
                return value;
            }
            if (key.type() != YAML_SCALAR_EVENT) {
                throw at_line(key.line(), "a key must be plain text");
            }
            if (value.find(key.text()) != nullptr) {
                throw at_line(key.line(), fmt::format("\"{}\" is given twice", key.text()));
            }
            Event content;
            next(content);
            value.set(key.text(), node(content, depth + 1));
        }
    }
    Json sequence(unsigned line, std::size_t depth) {
        Json value = Json::array();
        value.set_line(line);
        while (true) {
            Event item;
            next(item);
            if (item.type() == YAML_SEQUENCE_END_EVENT) {
                return value;
            }
            value.push(node(item, depth + 1));
        }
    }

    Parser parser_;
};

} // namespace

Result<Json> parse_yaml(std::string_view text) {
    try {
        return Reader(text).document();
    } catch (const Error& error) {
        return error;
    }
}

} // namespace fengsui::base
