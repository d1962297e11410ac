// How long to wait before the next try: the one rule for everything that is tried again later.
#pragma once

#include <algorithm>
#include <chrono>

namespace fengsui::pipeline {

struct BackOff {
    std::chrono::milliseconds first{std::chrono::minutes(1)};
    std::chrono::milliseconds longest{std::chrono::hours(6)};
    double jitter = 0.1; ///< share of the wait, either way, so that what failed together comes back apart
};

/// After `failures` failures in a row (at least 1): `first`, doubled each time, up to `longest`. `chance` in
/// [0, 1) places the wait within its jitter.
inline std::chrono::milliseconds wait_after(const BackOff& rule, unsigned failures, double chance) {
    auto wait = rule.first;
    for (unsigned i = 1; i < failures && wait < rule.longest; ++i) {
        wait *= 2;
    }
    wait = std::min(wait, rule.longest);
    const double factor = 1 - rule.jitter + 2 * rule.jitter * chance;
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * factor));
}

} // namespace fengsui::pipeline
