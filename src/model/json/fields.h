// Reading the members of an object one by one, for the form that cases.yaml uses. Private to model.
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "model/tls.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::model {

inline base::Error bad_field(const base::Json& json, std::string_view what) {
    return {base::ErrorCode::invalid_argument, fmt::format("line {}: {}", json.line(), what)};
}

template <class T>
T parsed(base::Result<T> result, const base::Json& json, std::string_view field) {
    if (!result) {
        throw bad_field(json, fmt::format("{}: {}", field, result.error().message()));
    }
    return std::move(result).value();
}

/// An object whose members are taken one by one; what is left over is a misspelling.
class Fields {
public:
    explicit Fields(const base::Json& json) : json_(json) {
        if (!json.is_object()) {
            throw bad_field(json, "an object is expected here");
        }
    }
    const base::Json* take(std::string_view name) {
        known_.emplace_back(name);
        return json_.find(name);
    }
    void text(std::string_view name, std::string& to) {
        if (const base::Json* value = take(name)) {
            to = value->is_int() ? std::to_string(value->as_int()) : value->as_string();
        }
    }
    template <class Number>
    void number(std::string_view name, Number& to) {
        if (const base::Json* value = take(name)) {
            to = static_cast<Number>(value->as_int());
        }
    }
    void flag(std::string_view name, bool& to) {
        if (const base::Json* value = take(name)) {
            to = value->as_bool();
        }
    }
    void texts(std::string_view name, std::vector<std::string>& to) {
        if (const base::Json* value = take(name)) {
            for (const auto& item : value->items()) {
                to.push_back(item.as_string());
            }
        }
    }
    void addresses(std::string_view name, std::vector<IpAddress>& to) {
        if (const base::Json* value = take(name)) {
            for (const auto& item : value->items()) {
                to.push_back(parsed(IpAddress::parse(item.as_string()), item, name));
            }
        }
    }
    void instant(std::string_view name, base::Instant& to) {
        if (const base::Json* value = take(name)) {
            to = parsed(base::parse_rfc3339(value->as_string()), *value, name);
        }
    }
    /// `completed`, or a status and its reason: `not_reached timeout`.
    void outcome(std::string_view name, Outcome& to, Outcome otherwise) {
        const base::Json* value = take(name);
        if (value == nullptr) {
            to = otherwise;
            return;
        }
        const auto words = base::split(value->as_string(), ' ');
        const auto status = parse_coverage_status(words.front());
        const auto reason = words.size() > 1 ? parse_reason(words[1]) : std::optional(Reason::none);
        if (!status || !reason) {
            throw bad_field(*value, fmt::format("{}: \"{}\" is not an outcome", name, value->as_string()));
        }
        to = {*status, *reason};
    }
    void offered(std::string_view name, Offered& to) {
        if (const base::Json* value = take(name)) {
            to = value->as_bool() || value->as_string() == "yes"  ? Offered::yes
                 : value->is_bool() || value->as_string() == "no" ? Offered::no
                                                                  : Offered::unknown;
        }
    }
    void finish() const {
        for (const auto& [name, value] : json_.members()) {
            if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
                throw bad_field(value, fmt::format("\"{}\" is not a field here", name));
            }
        }
    }

private:
    const base::Json& json_;
    std::vector<std::string> known_;
};

} // namespace fengsui::model
