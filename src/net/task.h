// The coroutine type, deadlines, and the one I/O thread's services (ARCHITECTURE.md; decision 001).
#pragma once

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>

namespace fengsui::net {

/// A coroutine on the I/O thread. Named functions only; parameters by value or references to services
/// that outlive every task. No braced temporary with a destructor (`f({…})`) inside an expression with
/// co_await: g++ 12 destroys it twice. Name it first.
template <class T = void>
using Task = boost::asio::awaitable<T>;

/// A point in time by which work must have ended. Passed down, never a timeout.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    Deadline() : at_(Clock::time_point::max()) {} ///< never
    explicit Deadline(Clock::time_point at) : at_(at) {}
    static Deadline in(Clock::duration span) { return Deadline(Clock::now() + span); }

    [[nodiscard]] Clock::time_point at() const { return at_; }
    [[nodiscard]] bool has_passed() const { return Clock::now() >= at_; }
    /// The earlier of this and `span` from now.
    [[nodiscard]] Deadline within(Clock::duration span) const {
        return Deadline(std::min(at_, Clock::now() + span));
    }

private:
    Clock::time_point at_;
};

} // namespace fengsui::net
