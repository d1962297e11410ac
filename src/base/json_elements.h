// The elements of one array inside a JSON object too large to be read at once.
#pragma once

#include "base/json.h"

#include <functional>
#include <optional>

namespace fengsui::base {

/// The next piece of a text; empty at its end. May throw for its own reasons (a disk).
using TextSource = std::function<std::string_view()>;

/// Where in a text something is, for messages.
struct TextPlace {
    std::uint64_t offset = 0; ///< bytes
    std::uint64_t line = 1;
    [[nodiscard]] std::string str() const; ///< `line 3, byte 120`
};

/// Hands each element of the top-level member `member` to `take`, which returns false to stop. Memory is
/// bounded by one element. Errors name the place: a text cut short, an element larger than `limit`, one
/// that is no JSON. Gives the number of elements.
Result<std::uint64_t> each_json_element(
    const TextSource& source,
    std::string_view member,
    std::size_t limit,
    const std::function<bool(const Json&)>& take
);

} // namespace fengsui::base
