#include "template/value.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace fengsui::templates {

namespace {

/// Go's strconv.FormatFloat(value, 'f', -1, 64).
std::string plain_number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::string text(512, '\0');
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    text.resize(static_cast<std::size_t>(end.ptr - text.data()));
    return text;
}

/// Go's %v of a float64: %e below 1e-4 and from 1e6 on (prints 1000000 as 1e+06), shortest digits, two
/// exponent digits at least.
std::string go_number(double value) {
    const double size = std::fabs(value);
    if (!std::isfinite(value) || size == 0 || (size >= 1e-4 && size < 1e6)) {
        return plain_number(value);
    }
    std::string text(64, '\0');
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
    text.resize(static_cast<std::size_t>(end.ptr - text.data()));
    return text;
}

} // namespace

bool Value::as_bool() const {
    const auto* value = std::get_if<bool>(&data_);
    return value != nullptr && *value;
}

double Value::as_number() const {
    const auto* value = std::get_if<double>(&data_);
    return value != nullptr ? *value : 0;
}

std::string_view Value::as_text() const {
    if (const auto* owned = std::get_if<std::string>(&data_)) {
        return *owned;
    }
    const auto* borrowed = std::get_if<std::string_view>(&data_);
    return borrowed != nullptr ? *borrowed : std::string_view();
}

const ValueList& Value::items() const {
    static const ValueList kNone;
    const auto* list = std::get_if<ValueList>(&data_);
    return list != nullptr ? *list : kNone;
}

std::string Value::to_text() const {
    if (is_nil()) {
        return {};
    }
    return is_number() ? plain_number(as_number()) : to_go_text();
}

std::string Value::to_go_text() const {
    if (is_text()) {
        return std::string(as_text());
    }
    if (is_number()) {
        return go_number(as_number());
    }
    if (is_bool()) {
        return as_bool() ? "true" : "false";
    }
    if (!is_list()) {
        return "<nil>";
    }
    std::string text = "[";
    for (const auto& item : items()) {
        text += (text.size() > 1 ? " " : "") + item.to_go_text();
    }
    return text + "]";
}

std::string_view Value::view(std::string& storage) const {
    if (is_text()) {
        return as_text();
    }
    storage = to_text();
    return storage;
}

Value Value::owned() const {
    return std::holds_alternative<std::string_view>(data_) ? text(std::string(as_text())) : *this;
}

bool Value::operator==(const Value& other) const {
    if (is_text() && other.is_text()) {
        return as_text() == other.as_text();
    }
    if (data_.index() != other.data_.index()) {
        return false;
    }
    if (is_list()) {
        return items() == other.items();
    }
    return is_bool() ? as_bool() == other.as_bool() : as_number() == other.as_number();
}

} // namespace fengsui::templates
