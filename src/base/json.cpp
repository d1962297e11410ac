#include "base/json.h"

#include "base/text.h"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fengsui::base {

namespace {

/// A default that lives for ever, built at first use so that nothing runs before main.
template <class T>
const T& nothing() {
    static const T value{};
    return value;
}

constexpr std::size_t kMaxDepth = 64;

/// Receives Boost.JSON's events and builds our value; the containers under way stand on a stack.
struct Builder {
    // Names that Boost.JSON looks for. NOLINTBEGIN(readability-identifier-naming)
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    // NOLINTEND(readability-identifier-naming)
    using error_code = boost::system::error_code;
    using view = boost::json::string_view;

    std::vector<Json> open;
    std::vector<std::string> keys;
    std::string text;
    Json result;

    bool put(Json value) {
        if (open.empty()) {
            result = std::move(value);
        } else if (open.back().is_array()) {
            open.back().push(std::move(value));
        } else {
            open.back().set(keys.back(), std::move(value));
            keys.pop_back();
        }
        return true;
    }
    bool close() {
        Json value = std::move(open.back());
        open.pop_back();
        return put(std::move(value));
    }
    bool start(Json container) {
        open.push_back(std::move(container));
        return true;
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return start(Json::object()); }
    bool on_object_end(std::size_t, error_code&) { return close(); }
    bool on_array_begin(error_code&) { return start(Json::array()); }
    bool on_array_end(std::size_t, error_code&) { return close(); }
    bool on_key_part(view part, std::size_t, error_code&) { return append(part); }
    bool on_key(view part, std::size_t, error_code&) {
        append(part);
        keys.push_back(std::exchange(text, {}));
        return true;
    }
    bool on_string_part(view part, std::size_t, error_code&) { return append(part); }
    bool on_string(view part, std::size_t, error_code&) {
        append(part);
        return put(std::exchange(text, {}));
    }
    bool on_number_part(view, error_code&) { return true; }
    bool on_int64(std::int64_t value, view, error_code&) { return put(value); }
    bool on_uint64(std::uint64_t value, view, error_code&) { return put(static_cast<double>(value)); }
    bool on_double(double value, view, error_code&) { return put(value); }
    bool on_bool(bool value, error_code&) { return put(value); }
    bool on_null(error_code&) { return put(nullptr); }
    bool on_comment_part(view, error_code&) { return true; }
    bool on_comment(view, error_code&) { return true; }

    bool append(view part) {
        text.append(part.data(), part.size());
        return true;
    }
};

void append_quoted(std::string_view raw, std::string& out) {
    std::string scrubbed;
    if (!is_valid_utf8(raw)) {
        scrubbed = scrub_utf8(raw);
        raw = scrubbed;
    }
    out += '"';
    for (const char c : raw) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

void append_number(double value, std::string& out) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    out += fmt::format("{}", value);
}

/// Writes with (`indent` >= 0) or without line breaks.
void write(const Json& value, std::string& out, int indent) {
    const auto new_line = [&](int depth) {
        if (indent >= 0) {
            out += '\n';
            out.append(static_cast<std::size_t>(depth) * 2, ' ');
        }
    };
    const int inner = indent >= 0 ? indent + 1 : -1;
    if (value.is_object()) {
        out += '{';
        bool first = true;
        for (const auto& [name, member] : value.members()) {
            out += first ? "" : ",";
            first = false;
            new_line(inner);
            append_quoted(name, out);
            out += indent >= 0 ? ": " : ":";
            write(member, out, inner);
        }
        if (!first) {
            new_line(indent);
        }
        out += '}';
    } else if (value.is_array()) {
        out += '[';
        bool first = true;
        for (const auto& item : value.items()) {
            out += first ? "" : ",";
            first = false;
            new_line(inner);
            write(item, out, inner);
        }
        if (!first) {
            new_line(indent);
        }
        out += ']';
    } else if (value.is_string()) {
        append_quoted(value.as_string(), out);
    } else if (value.is_bool()) {
        out += value.as_bool() ? "true" : "false";
    } else if (value.is_int()) {
        out += fmt::format("{}", value.as_int());
    } else if (value.is_number()) {
        append_number(value.as_double(), out);
    } else {
        out += "null";
    }
}

std::size_t line_of(std::string_view text, std::size_t offset) {
    return 1
           + static_cast<std::size_t>(
               std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n')
           );
}

} // namespace

bool Json::as_bool(bool otherwise) const {
    const auto* value = std::get_if<bool>(&value_);
    return value != nullptr ? *value : otherwise;
}

std::int64_t Json::as_int(std::int64_t otherwise) const {
    const auto* value = std::get_if<std::int64_t>(&value_);
    return value != nullptr ? *value : otherwise;
}

double Json::as_double(double otherwise) const {
    if (const auto* value = std::get_if<double>(&value_)) {
        return *value;
    }
    return is_int() ? static_cast<double>(as_int()) : otherwise;
}

const std::string& Json::as_string() const {
    const auto* value = std::get_if<std::string>(&value_);
    return value != nullptr ? *value : nothing<std::string>();
}

const JsonArray& Json::items() const {
    const auto* value = std::get_if<JsonArray>(&value_);
    return value != nullptr ? *value : nothing<JsonArray>();
}

const JsonObject& Json::members() const {
    const auto* value = std::get_if<JsonObject>(&value_);
    return value != nullptr ? *value : nothing<JsonObject>();
}

const Json* Json::find(std::string_view name) const {
    for (const auto& member : members()) {
        if (member.first == name) {
            return &member.second;
        }
    }
    return nullptr;
}

const Json& Json::operator[](std::string_view name) const {
    const Json* found = find(name);
    return found != nullptr ? *found : nothing<Json>();
}

Json& Json::set(std::string_view name, Json value) {
    if (is_null()) {
        value_ = JsonObject();
    }
    auto* members = std::get_if<JsonObject>(&value_);
    FENGSUI_CHECK(members != nullptr, "set on a JSON value that is not an object");
    for (auto& member : *members) {
        if (member.first == name) {
            member.second = std::move(value);
            return *this;
        }
    }
    members->emplace_back(std::string(name), std::move(value));
    return *this;
}

Json& Json::push(Json value) {
    if (is_null()) {
        value_ = JsonArray();
    }
    auto* items = std::get_if<JsonArray>(&value_);
    FENGSUI_CHECK(items != nullptr, "push on a JSON value that is not an array");
    items->push_back(std::move(value));
    return *this;
}

Result<Json> parse_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = kMaxDepth;
    boost::json::basic_parser<Builder> parser(options);
    boost::system::error_code failure;
    const auto used = parser.write_some(false, text.data(), text.size(), failure);
    if (!failure && used < text.size() && !trim(text.substr(used)).empty()) {
        failure = boost::json::make_error_code(boost::json::error::extra_data);
    }
    if (failure) {
        return Error(
            ErrorCode::invalid_argument,
            fmt::format(
                "line {}: not valid JSON: {}", line_of(text, std::min(used, text.size())), failure.message()
            )
        );
    }
    return std::move(parser.handler().result);
}

void append_text(const Json& value, std::string& out) {
    write(value, out, -1);
}

std::string to_text(const Json& value) {
    std::string out;
    append_text(value, out);
    return out;
}

std::string to_pretty_text(const Json& value) {
    std::string out;
    write(value, out, 0);
    return out;
}

} // namespace fengsui::base
