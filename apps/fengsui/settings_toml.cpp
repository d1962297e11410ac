#include "fengsui/settings.h"

#include <fmt/format.h>

#include <sstream>
#include <toml.hpp>

namespace fengsui::apps {

namespace {

using base::Json;

/// Plain values only: what a configuration option can hold.
Json to_json(const toml::value& value) {
    Json json;
    if (value.is_string()) {
        json = value.as_string().str;
    } else if (value.is_integer()) {
        json = static_cast<std::int64_t>(value.as_integer());
    } else if (value.is_floating()) {
        json = value.as_floating();
    } else if (value.is_boolean()) {
        json = value.as_boolean();
    } else if (value.is_table()) {
        json = Json::object();
        for (const auto& [key, member] : value.as_table()) {
            json.set(key, to_json(member));
        }
    } else {
        json = Json::array();
        const bool is_list = value.is_array();
        for (const auto& item : is_list ? value.as_array() : toml::array()) {
            json.push(to_json(item));
        }
    }
    json.set_line(static_cast<unsigned>(value.location().line()));
    return json;
}

} // namespace

Json parse_toml(const std::string& text, const std::string& name) {
    try {
        std::istringstream in(text);
        const toml::value table = toml::parse(in, name);
        Json json = Json::object();
        for (const auto& [key, value] : table.as_table()) {
            json.set(key, to_json(value));
        }
        return json;
    } catch (const std::exception& failure) {
        std::string first_line(failure.what());
        first_line = first_line.substr(0, first_line.find('\n'));
        throw base::Error(
            base::ErrorCode::invalid_argument, fmt::format("{}: not valid TOML: {}", name, first_line)
        );
    }
}

} // namespace fengsui::apps
