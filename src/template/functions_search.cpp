#include "base/text.h"
#include "template/functions.h"

#include <functional>

namespace fengsui::templates {

namespace {

using Outcome = base::Result<Value>;
using Test = bool (*)(std::string_view text, std::string_view other);

bool holds(std::string_view text, std::string_view other) {
    return text.find(other) != std::string_view::npos;
}
bool begins(std::string_view text, std::string_view other) {
    return text.starts_with(other);
}
bool ends(std::string_view text, std::string_view other) {
    return text.ends_with(other);
}
bool equals(std::string_view text, std::string_view other) {
    return text == other;
}

/// Without copying: the first argument is often a whole page.
bool any_of(const Arguments& arguments, Test test) {
    std::string storage;
    const auto text = arguments[0].view(storage);
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        std::string other;
        if (test(text, arguments[i].view(other))) {
            return true;
        }
    }
    return false;
}

Outcome contains(const Arguments& arguments) {
    return Value::boolean(any_of(arguments, holds));
}
Outcome contains_all(const Arguments& arguments) {
    std::string storage;
    const auto text = arguments[0].view(storage);
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        std::string other;
        if (!holds(text, arguments[i].view(other))) {
            return Value::boolean(false);
        }
    }
    return Value::boolean(true);
}
Outcome starts_with(const Arguments& arguments) {
    return Value::boolean(any_of(arguments, begins));
}
Outcome ends_with(const Arguments& arguments) {
    return Value::boolean(any_of(arguments, ends));
}
Outcome equals_any(const Arguments& arguments) {
    return Value::boolean(any_of(arguments, equals));
}

Outcome lines(const Arguments& arguments, Test test) {
    const std::string text = arguments.text(0);
    for (const auto line : base::split(text, '\n')) {
        for (std::size_t i = 1; i < arguments.size(); ++i) {
            if (test(line, arguments.text(i))) {
                return Value::boolean(true);
            }
        }
    }
    return Value::boolean(false);
}
Outcome line_starts_with(const Arguments& arguments) {
    return lines(arguments, begins);
}
Outcome line_ends_with(const Arguments& arguments) {
    return lines(arguments, ends);
}

Outcome regex_each(const Arguments& arguments, bool wants_all) {
    const auto pattern = Pattern::compile(arguments.text(0));
    if (!pattern) {
        return pattern.error();
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        std::string storage;
        if (pattern->matches(arguments[i].view(storage)) != wants_all) {
            return Value::boolean(!wants_all);
        }
    }
    return Value::boolean(wants_all);
}
Outcome regex(const Arguments& arguments) {
    return regex_each(arguments, true);
}
Outcome regex_all(const Arguments& arguments) {
    return regex_each(arguments, true);
}
Outcome regex_any(const Arguments& arguments) {
    return regex_each(arguments, false);
}

Outcome count(const Arguments& arguments) {
    const std::string text = arguments.text(0);
    const std::string part = arguments.text(1);
    std::size_t number = part.empty() ? text.size() + 1 : 0;
    for (auto at = text.find(part); !part.empty() && at != std::string::npos;
         at = text.find(part, at + part.size())) {
        ++number;
    }
    return Value::number(static_cast<double>(number));
}

constexpr Function kFunctions[] = {
    {"contains", 2, 2, contains},
    {"contains_all", 1, kAnyCount, contains_all},
    {"contains_any", 1, kAnyCount, contains},
    {"starts_with", 2, kAnyCount, starts_with},
    {"ends_with", 2, kAnyCount, ends_with},
    {"line_starts_with", 2, kAnyCount, line_starts_with},
    {"line_ends_with", 2, kAnyCount, line_ends_with},
    {"equals_any", 2, kAnyCount, equals_any},
    {"regex", 2, 2, regex},
    {"regex_all", 2, kAnyCount, regex_all},
    {"regex_any", 2, kAnyCount, regex_any},
    {"count", 2, 2, count},
};

} // namespace

std::span<const Function> search_functions() {
    return kFunctions;
}

} // namespace fengsui::templates
