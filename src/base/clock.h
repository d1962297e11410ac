// What time it is: the machine's, or one that stands still until it is moved (serve --test-clock).
#pragma once

#include "base/time.h"

#include <atomic>
#include <functional>
#include <mutex>

namespace fengsui::base {

/// Any thread.
class Clock {
public:
    Clock() = default;
    virtual ~Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    [[nodiscard]] Instant now() const { return do_now(); }

private:
    [[nodiscard]] virtual Instant do_now() const = 0;
};

class SystemClock final : public Clock {
private:
    [[nodiscard]] Instant do_now() const override { return base::now(); }
};

/// Stands still between two moves.
class StandingClock final : public Clock {
public:
    explicit StandingClock(Instant start) : now_(start.time_since_epoch().count()) {}
    /// Runs `before` while the old time still stands, then sets the new one. Movers take turns.
    void move(Instant to, const std::function<void()>& before) {
        const std::lock_guard turn(turn_);
        before();
        now_ = to.time_since_epoch().count();
    }

private:
    [[nodiscard]] Instant do_now() const override { return Instant(Instant::duration(now_.load())); }
    std::mutex turn_;
    std::atomic<Instant::rep> now_; ///< milliseconds since 1970
};

} // namespace fengsui::base
