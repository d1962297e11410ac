#include "net/politeness.h"

#include "base/error.h"
#include "net/runtime.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>
#include <list>
#include <map>
#include <random>
#include <unordered_map>
#include <utility>

namespace fengsui::net {

using Clock = Deadline::Clock;

namespace {

constexpr double kMargin =
    1.01; // spacing a little above 1/N, so that N + 1 a second holds in spite of timer grain
constexpr double kJitterUpTo = 20; // requests a second; above, jitter would only cost throughput
constexpr double kJitterShare = 0.1;
constexpr double kBurstAbove = 1000; // requests a second, above which timers are too coarse for single events
constexpr Clock::duration kBurst = std::chrono::milliseconds(10); // what kMargin leaves within N + 1 a second
constexpr Clock::duration kFirstBackOff = std::chrono::seconds(2);
constexpr std::chrono::seconds kLongestBackOff = std::chrono::hours(24); // no server sends us away for ever
constexpr std::chrono::minutes kMemory{10}; // doublings and failures in a row are forgotten after that
constexpr std::size_t kFirstSweep = 1024;

/// One coroutine in a queue, woken by its timer, by whoever left before it, or by the stop.
class Waiter final : public TrafficMember {
public:
    explicit Waiter(Runtime& runtime) : TrafficMember(runtime), timer_(runtime.io()) {}
    void wake() { timer_.cancel(); }
    Task<> wait_until(Clock::time_point at) {
        timer_.expires_at(at);
        boost::system::error_code ignored; // cancelled means woken
        co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }

private:
    void do_stop() override { wake(); }
    boost::asio::steady_timer timer_;
};

/// First come, first served: only the head may go, and whoever leaves wakes the next.
class Queue {
public:
    using Place = std::list<Waiter*>::iterator;
    [[nodiscard]] bool empty() const { return waiters_.empty(); }
    [[nodiscard]] bool is_head(Place place) { return place == waiters_.begin(); }
    Place enter(Waiter& waiter) { return waiters_.insert(waiters_.end(), &waiter); }
    void leave(Place place) {
        waiters_.erase(place);
        wake_head();
    }
    void wake_head() const {
        if (!waiters_.empty()) {
            waiters_.front()->wake();
        }
    }
    void wake_all() const {
        for (Waiter* waiter : waiters_) {
            waiter->wake();
        }
    }

private:
    std::list<Waiter*> waiters_;
};

struct Host {
    Queue slots; ///< waiting for a connection slot
    Queue turns; ///< waiting for the rate
    unsigned open = 0;
    unsigned users = 0; ///< coroutines that hold a reference
    Clock::time_point next_event{};
    Clock::time_point back_off_until{};
    Clock::duration back_off{}; ///< the last doubling; zero: none
};

/// Keeps a host's state while a coroutine refers to it.
class Pin {
public:
    explicit Pin(Host& host) : host_(host) { ++host_.users; }
    ~Pin() { --host_.users; }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

private:
    Host& host_;
};

/// Failures in a row on one address and port.
class Breaker {
public:
    explicit Breaker(const PolitenessOptions& options)
        : limit_(options.breaker_failures), pause_(options.breaker_pause) {}
    using Key = std::pair<model::IpAddress, std::uint16_t>;

    /// The failure to answer with, or completed. Once a pause one caller gets through as a trial.
    model::Outcome ask(const Key& key, bool& is_trial) {
        const auto found = lines_.find(key);
        is_trial = false;
        if (found == lines_.end() || found->second.failures < limit_) {
            return model::completed();
        }
        if (Clock::now() < found->second.closed_until) {
            return found->second.outcome;
        }
        is_trial = true; // a trial that never reports is followed by the next one a pause later
        found->second.closed_until = Clock::now() + pause_;
        return model::completed();
    }

    void report(const Key& key, const model::Outcome& outcome) {
        if (outcome.is_completed()) {
            lines_.erase(key);
        } else if (outcome.status == model::CoverageStatus::not_reached && limit_ > 0) {
            Line& line = lines_[key];
            ++line.failures;
            line.outcome = outcome;
            line.closed_until = Clock::now() + pause_;
        }
    }

    void sweep() {
        std::erase_if(lines_, [now = Clock::now()](const auto& item) {
            return item.second.closed_until + kMemory < now;
        });
    }

private:
    struct Line {
        unsigned failures = 0;
        Clock::time_point closed_until{};
        model::Outcome outcome;
    };
    unsigned limit_;
    Clock::duration pause_;
    std::map<Key, Line> lines_;
};

} // namespace

struct Politeness::State {
    State(Runtime& owner, const PolitenessOptions& chosen)
        : runtime(owner), options(chosen), breaker(chosen) {
        FENGSUI_CHECK(
            options.requests_per_second > 0 && options.connections > 0 && options.total_connections > 0,
            "politeness options are positive"
        );
        spacing = std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double>(kMargin / options.requests_per_second)
        );
        has_jitter = options.requests_per_second <= kJitterUpTo;
        burst = options.requests_per_second > kBurstAbove ? kBurst : Clock::duration::zero();
    }

    using ReadyAt = Clock::time_point (State::*)(const Host&) const;
    [[nodiscard]] Clock::time_point slot_at(const Host& host) const {
        return host.open < options.connections ? host.back_off_until : Clock::time_point::max();
    }
    [[nodiscard]] Clock::time_point total_at(const Host& /*host*/) const {
        return total_open < options.total_connections ? Clock::time_point::min() : Clock::time_point::max();
    }
    [[nodiscard]] Clock::time_point turn_at(const Host& host) const {
        return std::max(host.next_event, host.back_off_until);
    }

    /// Why waiting at that host is of no use, or completed.
    [[nodiscard]] model::Outcome objection(const Host& host, Deadline deadline) const;
    /// Waits in `queue` until its head may go. What `ready_at` measures is taken by the caller before it
    /// next suspends.
    Task<model::Outcome> wait_in(Queue& queue, ReadyAt ready_at, Host& host, Deadline deadline);
    Task<model::Outcome> wait_for_connection(Host& host, Deadline deadline);

    Host& host_of(const model::IpAddress& address);
    void sweep();
    void count_event(Host& host);
    void release_slot(Host& host);
    [[nodiscard]] Clock::duration jittered(Clock::duration span);

    Runtime& runtime;
    PolitenessOptions options;
    Clock::duration spacing{};
    bool has_jitter = false;
    Clock::duration burst{};
    std::unordered_map<model::IpAddress, Host> hosts; // nodes do not move
    std::size_t sweep_above = kFirstSweep;
    Breaker breaker;
    Queue total;
    unsigned total_open = 0;
    std::uint64_t connections = 0;
    std::uint64_t requests = 0;
    std::minstd_rand random{std::random_device{}()};
};

model::Outcome Politeness::State::objection(const Host& host, Deadline deadline) const {
    if (runtime.is_traffic_stopped()) {
        return model::skipped(model::Reason::stopped);
    }
    const auto now = Clock::now();
    if (now >= deadline.at()) {
        return model::skipped(model::Reason::deadline);
    }
    if (host.back_off_until > std::min(deadline.at(), now + options.max_retry_after)) {
        return model::not_reached(model::Reason::rate_limited);
    }
    return model::completed();
}

Task<model::Outcome> Politeness::State::wait_in(
    Queue& queue, ReadyAt ready_at, Host& host, Deadline deadline
) {
    model::Outcome outcome = objection(host, deadline);
    if (!outcome.is_completed() || (queue.empty() && (this->*ready_at)(host) <= Clock::now())) {
        co_return outcome;
    }
    Waiter waiter(runtime);
    const Queue::Place place = queue.enter(waiter);
    for (;;) {
        outcome = objection(host, deadline);
        const auto ready = queue.is_head(place) ? (this->*ready_at)(host) : Clock::time_point::max();
        if (!outcome.is_completed() || ready <= Clock::now()) {
            break;
        }
        co_await waiter.wait_until(std::min(ready, deadline.at()));
    }
    queue.leave(place);
    co_return outcome;
}

Task<model::Outcome> Politeness::State::wait_for_connection(Host& host, Deadline deadline) {
    // The host's own slot first: waiting for it must not keep others from the total.
    const model::Outcome slot = co_await wait_in(host.slots, &State::slot_at, host, deadline);
    if (!slot.is_completed()) {
        co_return slot;
    }
    ++host.open;
    const model::Outcome admitted = co_await wait_in(total, &State::total_at, host, deadline);
    if (!admitted.is_completed()) {
        release_slot(host);
        co_return admitted;
    }
    ++total_open;
    co_return admitted;
}

Host& Politeness::State::host_of(const model::IpAddress& address) {
    if (hosts.size() > sweep_above) {
        sweep();
    }
    return hosts[address];
}

void Politeness::State::sweep() {
    const auto now = Clock::now();
    std::erase_if(hosts, [now](const auto& item) {
        const Host& host = item.second;
        const auto remembered_until =
            host.back_off_until + (host.back_off.count() > 0 ? kMemory : std::chrono::minutes(0));
        return host.users == 0 && host.open == 0 && host.next_event <= now && remembered_until <= now;
    });
    breaker.sweep();
    sweep_above = std::max(kFirstSweep, 2 * hosts.size());
}

Clock::duration Politeness::State::jittered(Clock::duration span) {
    const double share = kJitterShare * std::uniform_real_distribution<double>()(random);
    return span + std::chrono::duration_cast<Clock::duration>(span * share);
}

void Politeness::State::count_event(Host& host) {
    host.next_event =
        std::max(host.next_event, Clock::now() - burst) + (has_jitter ? jittered(spacing) : spacing);
}

void Politeness::State::release_slot(Host& host) {
    --host.open;
    host.slots.wake_head();
}

Politeness::Permit::Permit(Permit&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), address_(other.address_) {}

Politeness::Permit& Politeness::Permit::operator=(Permit&& other) noexcept {
    std::swap(owner_, other.owner_);
    std::swap(address_, other.address_);
    return *this;
}

Politeness::Permit::~Permit() {
    if (owner_ != nullptr) {
        owner_->release(address_);
    }
}

Politeness::Politeness(Runtime& runtime, PolitenessOptions options)
    : state_(std::make_unique<State>(runtime, options)) {}

Politeness::~Politeness() = default;

Task<model::Outcome> Politeness::admit_connection(
    model::IpAddress address, std::uint16_t port, Deadline deadline, Permit& permit
) {
    bool is_trial = false;
    const model::Outcome known = state_->breaker.ask({address, port}, is_trial);
    if (!known.is_completed()) {
        co_return known;
    }
    Host& host = state_->host_of(address);
    const Pin pin(host);
    const model::Outcome slot = co_await state_->wait_for_connection(host, deadline);
    if (!slot.is_completed()) {
        co_return slot;
    }
    Permit taken(*this, address);
    model::Outcome outcome = co_await state_->wait_in(host.turns, &State::turn_at, host, deadline);
    if (outcome.is_completed() && !is_trial) {
        outcome = state_->breaker.ask({address, port}, is_trial); // it may have opened meanwhile
    }
    if (outcome.is_completed()) {
        state_->count_event(host);
        ++state_->connections;
        permit = std::move(taken);
    }
    co_return outcome;
}

Task<model::Outcome> Politeness::admit_request(model::IpAddress address, Deadline deadline) {
    Host& host = state_->host_of(address);
    const Pin pin(host);
    const model::Outcome outcome = co_await state_->wait_in(host.turns, &State::turn_at, host, deadline);
    if (outcome.is_completed()) {
        state_->count_event(host);
        ++state_->requests;
    }
    co_return outcome;
}

void Politeness::report_connect(
    const model::IpAddress& address, std::uint16_t port, const model::Outcome& outcome
) {
    state_->breaker.report({address, port}, outcome);
}

void Politeness::report_overload(
    const model::IpAddress& address, std::optional<std::chrono::seconds> retry_after
) {
    Host& host = state_->host_of(address);
    const auto now = Clock::now();
    Clock::duration wait = std::min(retry_after.value_or(std::chrono::seconds(0)), kLongestBackOff);
    if (wait <= Clock::duration::zero()) {
        if (now < host.back_off_until) {
            return; // several connections met the same refusal: one step, not several
        }
        const Clock::duration longest =
            std::max<Clock::duration>(kFirstBackOff, state_->options.max_retry_after);
        host.back_off = std::min(longest, host.back_off.count() > 0 ? 2 * host.back_off : kFirstBackOff);
        wait = state_->jittered(host.back_off);
    }
    host.back_off_until = std::max(host.back_off_until, now + wait);
    host.slots.wake_all(); // those whose deadline lies before it give up now
    host.turns.wake_all();
}

void Politeness::report_success(const model::IpAddress& address) {
    Host& host = state_->host_of(address);
    // An answer to a request made before the server asked for a pause does not end the pause.
    if (Clock::now() >= host.back_off_until) {
        host.back_off = Clock::duration::zero();
    }
}

bool Politeness::is_quiet_now() const {
    const QuietHours& quiet = state_->options.quiet_hours;
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    const std::chrono::minutes minute =
        std::chrono::hours(local.tm_hour) + std::chrono::minutes(local.tm_min);
    if (quiet.from <= quiet.until) {
        return quiet.from <= minute && minute < quiet.until;
    }
    return minute >= quiet.from || minute < quiet.until;
}

std::uint64_t Politeness::connection_count() const {
    return state_->connections;
}

std::uint64_t Politeness::request_count() const {
    return state_->requests;
}

void Politeness::release(const model::IpAddress& address) {
    --state_->total_open;
    state_->release_slot(state_->host_of(address));
    state_->total.wake_head();
}

} // namespace fengsui::net
