#include "workflow/document/template_text.h"

#include "base/text.h"
#include "base/time.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include <array>
#include <cmath>

namespace fengsui::workflow {

namespace {

constexpr int kChinaOffset = 480; // UTC+08:00 all over the country
constexpr std::array<std::string_view, 4> kFilters = {"date", "time", "number", "percent"};

Placeholder parse_placeholder(std::string_view inside) {
    Placeholder placeholder;
    const auto bar = inside.find('|');
    if (bar != std::string_view::npos) {
        placeholder.filter = base::trim(inside.substr(bar + 1));
        inside = inside.substr(0, bar);
    }
    for (auto at = inside.find(" or "); at != std::string_view::npos; at = inside.find(" or ")) {
        placeholder.fields.emplace_back(base::trim(inside.substr(0, at)));
        inside = inside.substr(at + 4);
    }
    placeholder.fields.emplace_back(base::trim(inside));
    return placeholder;
}

/// Walks the text: literal runs to `literal`, placeholders to `hole`; false when a brace stays open.
template <class Literal, class Hole>
bool walk(std::string_view text, Literal literal, Hole hole) {
    while (!text.empty()) {
        const auto open = text.find('{');
        literal(text.substr(0, open));
        if (open == std::string_view::npos) {
            return true;
        }
        text = text.substr(open + 1);
        if (!text.empty() && text.front() == '{') {
            literal(text.substr(0, 1));
            text = text.substr(1);
            continue;
        }
        const auto close = text.find('}');
        if (close == std::string_view::npos) {
            return false;
        }
        hole(parse_placeholder(text.substr(0, close)));
        text = text.substr(close + 1);
    }
    return true;
}

std::string number_text(double value) {
    if (!std::isfinite(value)) {
        return {};
    }
    return std::abs(value - std::round(value)) < 1e-9 ? fmt::format("{:.0f}", value)
                                                      : fmt::format("{:.1f}", value);
}

base::Json dotted(const base::Json& object, std::string_view name) {
    if (const auto* whole = object.find(name)) {
        return *whole;
    }
    const base::Json* at = &object;
    for (const auto part : base::split(name, '.')) {
        at = &(*at)[part];
    }
    return *at;
}

/// A pattern of common.yaml such as "{y}年{m}月{d}日"; months by name where the language has them.
std::string dated(
    const std::string& pattern, const base::Json& months, base::Date date, std::chrono::minutes of_day
) {
    const auto month = static_cast<unsigned>(date.month());
    const auto& names = months.items();
    fmt::dynamic_format_arg_store<fmt::format_context> values;
    values.push_back(fmt::arg("y", static_cast<int>(date.year())));
    values.push_back(fmt::arg("m", month));
    values.push_back(fmt::arg("d", static_cast<unsigned>(date.day())));
    values.push_back(fmt::arg("month", names.size() == 12 ? names[month - 1].as_string() : std::string()));
    values.push_back(fmt::arg("h", fmt::format("{:02}", of_day.count() / 60)));
    values.push_back(fmt::arg("min", fmt::format("{:02}", of_day.count() % 60)));
    try {
        return fmt::vformat(pattern, values);
    } catch (const fmt::format_error&) { // an edited pattern with an unknown name: the date itself still
                                         // counts
        return base::format_date(date);
    }
}

} // namespace

bool is_empty(const base::Json& value) {
    if (value.is_bool()) {
        return !value.as_bool();
    }
    return value.is_null() || (value.is_string() && base::trim(value.as_string()).empty())
           || (value.is_array() && value.items().empty()) || (value.is_object() && value.members().empty());
}

bool Wording::knows_filter(std::string_view filter) const {
    for (const auto known : kFilters) {
        if (filter == known) {
            return true;
        }
    }
    return filter.empty() || common_["words"].find(filter) != nullptr;
}

const std::string& Wording::label(std::string_view name) const {
    return common_["labels"][name].as_string();
}

std::string Wording::joined(const base::JsonArray& items, std::string_view filter, int utc_offset) const {
    std::string out;
    for (const auto& item : items) {
        const auto text = text_of(item, filter, utc_offset);
        if (!text.empty()) {
            out += out.empty() ? "" : label("separator");
            out += text;
        }
    }
    return out;
}

std::string Wording::moment(const std::string& text, bool with_time, int utc_offset) const {
    const std::chrono::minutes offset(utc_offset);
    const auto& dates = common_["dates"];
    if (const auto at = base::parse_rfc3339(text)) {
        const auto date = base::date_of(*at, offset);
        const auto of_day =
            std::chrono::duration_cast<std::chrono::minutes>(*at - base::start_of(date, offset));
        return dated(dates[with_time ? "time" : "date"].as_string(), dates["months"], date, of_day);
    }
    if (const auto date = base::parse_date(text)) {
        return dated(dates["date"].as_string(), dates["months"], *date, {});
    }
    return base::scrub_utf8(text); // already in words: told as it is
}

std::string Wording::text_of(const base::Json& value, std::string_view filter, int utc_offset) const {
    if (value.is_array()) {
        return joined(value.items(), filter, utc_offset);
    }
    if (value.is_object()) { // {zh: …, en: …} as checks carry their texts, or a thing with a name
        for (const auto name :
             {language_.substr(0, 2), std::string_view("name"), std::string_view("title")}) {
            if (const auto* inner = value.find(name); inner != nullptr && !inner->is_object()) {
                return text_of(*inner, filter, utc_offset);
            }
        }
        return {};
    }
    if (const auto* words = common_["words"].find(filter); words != nullptr && !filter.empty()) {
        const auto key = value.is_bool() ? (value.as_bool() ? "yes" : "no") : text_of(value, {}, utc_offset);
        const auto* word = words->find(key);
        return word != nullptr ? word->as_string() : key;
    }
    if (value.is_bool()) {
        return label(value.as_bool() ? "yes" : "no");
    }
    if (value.is_number()) {
        return number_text(value.as_double()) + (filter == "percent" ? "%" : "");
    }
    if (filter == "date" || filter == "time") {
        return moment(value.as_string(), filter == "time", utc_offset);
    }
    return std::string(base::trim(base::scrub_utf8(value.as_string())));
}

base::Json Scope::value(std::string_view name) const {
    if (item != nullptr) {
        if (name == "no" && item->find(name) == nullptr) {
            return static_cast<std::int64_t>(number);
        }
        auto own = item->is_object() ? dotted(*item, name) : (name == "item" ? *item : base::Json());
        if (!own.is_null()) {
            return own;
        }
    }
    return dotted(fields, name);
}

int Scope::utc_offset() const {
    return static_cast<int>(fields["utc_offset_minutes"].as_int(kChinaOffset));
}

std::vector<Placeholder> placeholders(
    std::string_view text, const std::function<void(std::string)>& complain
) {
    std::vector<Placeholder> found;
    const bool closed = walk(
        text,
        [](std::string_view) {},
        [&found](Placeholder placeholder) { found.push_back(std::move(placeholder)); }
    );
    if (!closed) {
        complain("a { that is not closed; write {{ for the character itself");
    }
    return found;
}

Expanded expand(std::string_view text, const Scope& scope, const Wording& wording, std::string_view blank) {
    Expanded out;
    bool has_holes = false;
    const auto fill = [&](const Placeholder& placeholder) {
        has_holes = true;
        for (const auto& field : placeholder.fields) {
            // A yes or no told by a word is a value even when it is no.
            auto value = scope.value(field);
            if (is_empty(value) && !(value.is_bool() && !placeholder.filter.empty())) {
                continue;
            }
            const auto filled = wording.text_of(value, placeholder.filter, scope.utc_offset());
            if (!filled.empty()) {
                out.text += filled;
                out.filled = true;
                return;
            }
        }
        out.text += blank;
    };
    walk(
        text, [&out](std::string_view literal) { out.text += literal; }, fill
    );
    out.filled = out.filled || !has_holes;
    return out;
}

} // namespace fengsui::workflow
