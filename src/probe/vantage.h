// Whether this machine's own IPv6 works, as far as answers have shown it.
#pragma once

#include <chrono>

namespace fengsui::probe {

/// Remembers when an answer last came over IPv6. A service of the engine; I/O thread. Nobody outside the
/// registry is asked for the sake of it: the patrol's own targets are the canaries.
class Ipv6Vantage {
public:
    using Clock = std::chrono::steady_clock;
    void note_answer() {
        last_ = Clock::now();
        has_any_ = true;
    }
    /// Within the last ten minutes: a machine that has lost IPv6 since must not fail a city.
    [[nodiscard]] bool is_proven() const {
        return has_any_ && Clock::now() - last_ < std::chrono::minutes(10);
    }

private:
    Clock::time_point last_;
    bool has_any_ = false;
};

} // namespace fengsui::probe
