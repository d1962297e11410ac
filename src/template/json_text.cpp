#include "template/json_node.h"
#include "template/value.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::templates {

using base::Json;

base::JsonObject sorted_members(const Json& value) {
    base::JsonObject members = value.members();
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    return members;
}

namespace {

void append_string(std::string_view text, std::string& out) {
    std::string quoted = base::to_text(Json(text));
    for (const char c : quoted) {
        if (c == '<' || c == '>' || c == '&') {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
}

void append_json(const Json& value, std::string& out) {
    if (value.is_array()) {
        out += '[';
        for (const auto& item : value.items()) {
            out += out.back() == '[' ? "" : ",";
            append_json(item, out);
        }
        out += ']';
    } else if (value.is_object()) {
        out += '{';
        bool is_first = true;
        for (const auto& member : sorted_members(value)) {
            out += is_first ? "" : ",";
            is_first = false;
            append_string(member.first, out);
            out += ':';
            append_json(member.second, out);
        }
        out += '}';
    } else if (value.is_string()) {
        append_string(value.as_string(), out);
    } else {
        out += value.is_number() ? Value::number(value.as_double()).to_text() : base::to_text(value);
    }
}

void append_indented(const Json& value, std::size_t width, std::size_t depth, std::string& out) {
    const std::string inner((depth + 1) * width, ' ');
    const bool is_object = value.is_object() && !value.members().empty();
    if (!is_object && (!value.is_array() || value.items().empty())) {
        base::append_text(value, out);
        return;
    }
    out += is_object ? "{" : "[";
    std::string_view separator = "\n";
    for (const auto& member : value.members()) {
        out.append(separator).append(inner).append(base::to_text(Json(member.first))).append(": ");
        append_indented(member.second, width, depth + 1, out);
        separator = ",\n";
    }
    for (const auto& item : value.items()) {
        out.append(separator).append(inner);
        append_indented(item, width, depth + 1, out);
        separator = ",\n";
    }
    out.append("\n").append(depth * width, ' ').append(is_object ? "}" : "]");
}

} // namespace

std::string go_json(const Json& value) {
    std::string out;
    append_json(value, out);
    return out;
}

std::string indented_json(const Json& value, std::size_t width) {
    std::string out;
    append_indented(value, width, 0, out);
    return out;
}

std::string json_result_text(const Json& value) {
    return value.is_string() ? value.as_string() : go_json(value);
}

} // namespace fengsui::templates
