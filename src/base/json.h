// A light JSON value: what evidence, configuration, check data and API bodies are made of. Objects keep
// the order in which members were put in. The parser and YAML reader behind it stay in their .cpp files.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fengsui::base {

class Json;
using JsonArray = std::vector<Json>;
using JsonMember = std::pair<std::string, Json>;
using JsonObject = std::vector<JsonMember>;

class Json {
public:
    Json() = default; ///< null
    // Implicit on purpose: evidence reads as {{"status", 200}, {"server", text}}.
    // NOLINTBEGIN(google-explicit-constructor)
    Json(std::nullptr_t) {}
    Json(bool value) : value_(value) {}
    Json(int value) : value_(static_cast<std::int64_t>(value)) {}
    Json(unsigned value) : value_(static_cast<std::int64_t>(value)) {}
    Json(std::int64_t value) : value_(value) {}
    Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
    Json(double value) : value_(value) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(JsonArray value) : value_(std::move(value)) {}
    Json(JsonObject value) : value_(std::move(value)) {}
    // NOLINTEND(google-explicit-constructor)

    /// Json::object({{"a", 1}, {"b", "x"}}) — spelled out, because a bare {{…}} could be either kind.
    static Json object(JsonObject members = {}) { return Json(std::move(members)); }
    static Json array(JsonArray items = {}) { return Json(std::move(items)); }

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(value_); }
    [[nodiscard]] bool is_int() const { return std::holds_alternative<std::int64_t>(value_); }
    [[nodiscard]] bool is_number() const { return is_int() || std::holds_alternative<double>(value_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(value_); }
    [[nodiscard]] bool is_array() const { return std::holds_alternative<JsonArray>(value_); }
    [[nodiscard]] bool is_object() const { return std::holds_alternative<JsonObject>(value_); }

    /// The value of that kind, or the given default (empty containers for the last two).
    [[nodiscard]] bool as_bool(bool otherwise = false) const;
    [[nodiscard]] std::int64_t as_int(std::int64_t otherwise = 0) const;
    [[nodiscard]] double as_double(double otherwise = 0) const;
    [[nodiscard]] const std::string& as_string() const; ///< empty when not a string
    [[nodiscard]] const JsonArray& items() const;
    [[nodiscard]] const JsonObject& members() const;

    /// The member of that name, or a null that lives for ever.
    [[nodiscard]] const Json& operator[](std::string_view name) const;
    [[nodiscard]] const Json* find(std::string_view name) const;
    /// Sets or replaces a member; a null becomes an object first.
    Json& set(std::string_view name, Json value);
    /// Appends; a null becomes an array first.
    Json& push(Json value);

    /// Line of the source text, from 1, when it came from YAML; else 0. Not part of equality.
    [[nodiscard]] unsigned line() const { return line_; }
    void set_line(unsigned line) { line_ = line; }

    bool operator==(const Json& other) const { return value_ == other.value_; }

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, JsonArray, JsonObject> value_;
    unsigned line_ = 0;
};

/// Strict RFC 8259, depth at most 64, duplicate members: the last wins.
Result<Json> parse_json(std::string_view text);
/// One line, UTF-8; invalid UTF-8 inside strings is scrubbed so that the line always parses.
std::string to_text(const Json& value);
void append_text(const Json& value, std::string& out);
/// Two-space indentation, for people.
std::string to_pretty_text(const Json& value);

/// One YAML 1.1 document of plain data: aliases, tags and duplicate keys are refused; depth at most 64.
/// Unquoted true/false/null/integers/floats become those; errors name the line.
Result<Json> parse_yaml(std::string_view text);

} // namespace fengsui::base
