// Strict-Transport-Security (RFC 6797).
#pragma once

#include "model/observation.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace fengsui::check {

/// The policy's max-age in seconds; nothing when the value is not a valid policy (section 6.1): no or two
/// max-age, or something that is not a number.
std::optional<std::int64_t> parse_hsts(std::string_view value);

/// What the final page over https says of HSTS.
struct HstsFacts {
    const model::HttpExchange* page = nullptr;
    const std::string* header = nullptr; ///< the first one: others do not count (section 8.1)
    std::optional<std::int64_t> max_age;
};

/// Nothing when HSTS has no meaning here: no page over https, an address for a host (section 8.1.1), or a
/// server error.
std::optional<HstsFacts> hsts_facts(const model::Observation& seen);

} // namespace fengsui::check
