#include "api/body.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::api {

namespace {

using base::Json;

Problem malformed(std::string_view name, std::string_view what) {
    return {400, "malformed", fmt::format("{}: {}", name, what)};
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

/// The text of a member that is there; nothing for null.
std::string text_of(const Json& value, std::string_view name, std::size_t longest) {
    if (value.is_null()) {
        return {};
    }
    if (!value.is_string()) {
        throw malformed(name, "must be a text");
    }
    const auto& text = value.as_string();
    if (text.size() > longest) {
        throw malformed(name, fmt::format("is longer than {} bytes", longest));
    }
    return text;
}

} // namespace

Problem guard_failed(std::string_view field, std::string detail) {
    Problem problem(422, "guard_failed", std::move(detail));
    problem.with("missing", Json::array({field}));
    return problem;
}

Problem unknown_reference(std::string_view field) {
    return guard_failed(field, fmt::format("{}: there is no such record", field));
}

const Json* member_of(const Json& body, std::string_view name, bool (Json::*is_kind)() const) {
    const Json* value = body.find(name);
    if (value == nullptr || value->is_null()) {
        return nullptr;
    }
    if (!(value->*is_kind)()) {
        throw malformed(name, "is of the wrong type");
    }
    return value;
}

void take_text(const Json& body, std::string_view name, std::string& to, std::size_t longest) {
    if (const Json* value = body.find(name)) {
        to = text_of(*value, name, longest);
    }
}

void take_flag(const Json& body, std::string_view name, bool& to) {
    if (const Json* value = body.find(name)) {
        if (!value->is_null() && !value->is_bool()) {
            throw malformed(name, "is true or false");
        }
        to = value->as_bool();
    }
}

void take_date(const Json& body, std::string_view name, std::optional<base::Date>& to) {
    const Json* value = body.find(name);
    if (value == nullptr) {
        return;
    }
    const auto text = text_of(*value, name, kLongestText);
    if (text.empty()) {
        to.reset();
        return;
    }
    const auto date = base::parse_date(text);
    if (!date) {
        throw malformed(name, date.error().message());
    }
    to = *date;
}

void take_word(
    const Json& body, std::string_view name, std::span<const std::string_view> words, std::string& to
) {
    take_text(body, name, to);
    if (!to.empty() && std::find(words.begin(), words.end(), to) == words.end()) {
        throw malformed(name, fmt::format("is one of {}", fmt::join(words, ", ")));
    }
}

std::string required_text(const Json& body, std::string_view name, std::size_t longest) {
    std::string text;
    take_text(body, name, text, longest);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        throw guard_failed(name, fmt::format("{}: is needed", name));
    }
    return text;
}

std::vector<std::string> required_texts(const Json& body, std::string_view name) {
    const Json* list = member_of(body, name, &Json::is_array);
    if (list == nullptr || list->items().empty()) {
        throw guard_failed(name, fmt::format("{}: name at least one", name));
    }
    std::vector<std::string> texts;
    for (const auto& item : list->items()) {
        if (!item.is_string()) {
            throw malformed(name, "is a list of texts");
        }
        if (std::find(texts.begin(), texts.end(), item.as_string()) == texts.end()) {
            texts.push_back(item.as_string());
        }
    }
    return texts;
}

std::string wanted_id(const Json& body) {
    constexpr std::size_t kLongest = 100;
    constexpr std::string_view kOfPaths = "/\\?#%\"<>";
    std::string id;
    take_text(body, "id", id, kLongest);
    const bool is_usable = std::none_of(id.begin(), id.end(), [&](char c) {
        return is_control(c) || kOfPaths.find(c) != std::string_view::npos;
    });
    const bool is_dotted = id == "." || id == "..";
    if (!is_usable || is_dotted || (!id.empty() && (id.front() == ' ' || id.back() == ' '))) {
        throw malformed("id", "holds a character that cannot stand in an address");
    }
    return id;
}

} // namespace fengsui::api
