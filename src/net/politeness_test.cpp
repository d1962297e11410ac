#include "net/politeness.h"
#include "net/runtime.h"

#include <gtest/gtest.h>

#include <ctime>
#include <vector>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;
using Clock = Deadline::Clock;
using model::Outcome;
using model::Reason;

const model::IpAddress kHost = model::IpAddress::v4(0x7f000001);
const model::IpAddress kOther = model::IpAddress::v4(0x7f000002);

struct Admission {
    Outcome outcome;
    Clock::time_point at{};
    Politeness::Permit permit;
};

/// Collects admissions in the order in which they were granted.
struct World {
    explicit World(const PolitenessOptions& options) : politeness(runtime, options) {}
    Runtime runtime;
    Politeness politeness;
    std::vector<int> order;
};

Task<> take_connection(World& world, model::IpAddress host, Deadline deadline, Admission& result) {
    result.outcome = co_await world.politeness.admit_connection(host, 80, deadline, result.permit);
    result.at = Clock::now();
}

Task<> take_request(World& world, int number, Deadline deadline, Admission& result) {
    result.outcome = co_await world.politeness.admit_request(kHost, deadline);
    result.at = Clock::now();
    world.order.push_back(number);
}

Admission run_connection(World& world, Deadline deadline = Deadline::in(10s)) {
    Admission result;
    world.runtime.run(take_connection(world, kHost, deadline, result));
    return result;
}

Admission run_request(World& world, Deadline deadline = Deadline::in(10s)) {
    Admission result;
    world.runtime.run(take_request(world, 0, deadline, result));
    return result;
}

Task<> nothing() {
    co_return;
}

TEST(PolitenessTest, EventsToOneAddressAreSpacedAndFirstComeFirstServed) {
    World world({.requests_per_second = 100});
    std::vector<Admission> results(5);
    for (std::size_t i = 0; i < results.size(); ++i) {
        world.runtime.spawn("asks", take_request(world, static_cast<int>(i), Deadline::in(10s), results[i]));
    }
    world.runtime.run(nothing());
    EXPECT_EQ(world.order, (std::vector<int>{0, 1, 2, 3, 4}));
    for (std::size_t i = 1; i < results.size(); ++i) {
        EXPECT_EQ(results[i].outcome, model::completed());
        EXPECT_GE(results[i].at - results[i - 1].at, 10ms);
    }
    EXPECT_EQ(world.politeness.request_count(), 5U);
}

TEST(PolitenessTest, ConnectionsAndRequestsShareTheRateAndAddressesDoNot) {
    World world({.requests_per_second = 20});
    const Admission connection = run_connection(world);
    Admission elsewhere;
    world.runtime.run(take_connection(world, kOther, Deadline::in(1ms), elsewhere));
    const Admission request = run_request(world);
    EXPECT_EQ(elsewhere.outcome, model::completed());
    EXPECT_GE(request.at - connection.at, 50ms);
    EXPECT_EQ(world.politeness.connection_count(), 2U);
    EXPECT_EQ(world.politeness.request_count(), 1U);
}

Task<> make_requests(World& world, int count) {
    for (int i = 0; i < count; ++i) {
        const Outcome outcome = co_await world.politeness.admit_request(kHost, Deadline::in(60s));
        EXPECT_EQ(outcome, model::completed());
    }
}

TEST(PolitenessTest, AtHighRatesNoSecondHoldsMoreThanItsShare) {
    World world({.requests_per_second = 10000});
    const auto start = Clock::now();
    world.runtime.run(make_requests(world, 1000));
    EXPECT_GE(Clock::now() - start, 89ms) << "1000 events at 10000/s, less the burst of 10 ms";
}

TEST(PolitenessTest, AConnectionWaitsForASlot) {
    World world({.requests_per_second = 1e6, .connections = 2});
    Admission first = run_connection(world);
    const Admission second = run_connection(world);
    EXPECT_EQ(run_connection(world, Deadline::in(5ms)).outcome, model::skipped(Reason::deadline));
    first.permit = Politeness::Permit();
    EXPECT_EQ(run_connection(world).outcome, model::completed());
    EXPECT_EQ(second.outcome, model::completed());
}

Task<> release_later(World& world, Admission& held, Clock::time_point& released_at) {
    co_await world.runtime.sleep_until(Clock::now() + 5ms);
    released_at = Clock::now();
    held.permit = Politeness::Permit();
}

TEST(PolitenessTest, AReleasedSlotGoesToTheOneWhoWaits) {
    World world({.requests_per_second = 1e6, .connections = 1});
    Admission held = run_connection(world);
    Clock::time_point released_at{};
    world.runtime.spawn("releases", release_later(world, held, released_at));
    const Admission next = run_connection(world);
    EXPECT_EQ(next.outcome, model::completed());
    EXPECT_GE(next.at, released_at);
    EXPECT_NE(released_at, Clock::time_point{});
}

TEST(PolitenessTest, TheTotalIsBoundedOverAddresses) {
    World world({.requests_per_second = 1e6, .connections = 2, .total_connections = 1});
    Admission first = run_connection(world);
    Admission second;
    world.runtime.run(take_connection(world, kOther, Deadline::in(5ms), second));
    EXPECT_EQ(second.outcome, model::skipped(Reason::deadline));
    first.permit = Politeness::Permit();
    world.runtime.run(take_connection(world, kOther, Deadline::in(10s), second));
    EXPECT_EQ(second.outcome, model::completed());
}

TEST(PolitenessTest, ARequestDoesNotWaitBehindConnectionsThatLackASlot) {
    World world({.requests_per_second = 1e6, .connections = 1});
    Admission held = run_connection(world);
    Admission waiting;
    Clock::time_point released_at{};
    world.runtime.spawn("waits", take_connection(world, kHost, Deadline::in(10s), waiting));
    Admission request;
    world.runtime.spawn("asks", take_request(world, 0, Deadline::in(10s), request));
    world.runtime.run(release_later(world, held, released_at));
    EXPECT_EQ(request.outcome, model::completed());
    EXPECT_LE(request.at, released_at);
    EXPECT_GE(waiting.at, released_at);
}

TEST(PolitenessTest, ARetryAfterBeyondTheDeadlineIsSaidAtOnce) {
    World world({.requests_per_second = 1e6});
    world.politeness.report_overload(kHost, 100s);
    const auto deadline = Deadline::in(50s);
    EXPECT_EQ(run_request(world, deadline).outcome, model::not_reached(Reason::rate_limited));
    EXPECT_EQ(run_connection(world, deadline).outcome, model::not_reached(Reason::rate_limited));
    EXPECT_FALSE(deadline.has_passed());
}

TEST(PolitenessTest, ARetryAfterBeyondTheLimitIsSaidAtOnce) {
    World world({.requests_per_second = 1e6, .max_retry_after = 10s});
    world.politeness.report_overload(
        kHost, std::chrono::seconds(std::numeric_limits<std::int64_t>::max() / 4)
    );
    EXPECT_EQ(run_request(world, Deadline()).outcome, model::not_reached(Reason::rate_limited));
}

TEST(PolitenessTest, ARetryAfterIsWaitedFor) {
    World world({.requests_per_second = 1e6});
    const auto asked = Clock::now();
    world.politeness.report_overload(kHost, 1s);
    world.politeness.report_success(kHost); // of a request made before
    const Admission request = run_request(world);
    EXPECT_EQ(request.outcome, model::completed());
    EXPECT_GE(request.at - asked, 1s);
}

TEST(PolitenessTest, WithoutRetryAfterTheFirstStepIsTwoSeconds) {
    World world({.requests_per_second = 1e6});
    world.politeness.report_overload(kHost, std::nullopt);
    world.politeness.report_overload(kHost, std::nullopt); // the other connection met the same
    EXPECT_EQ(run_request(world, Deadline::in(1900ms)).outcome, model::not_reached(Reason::rate_limited));
    Admission elsewhere;
    world.runtime.run(take_connection(world, kOther, Deadline::in(10s), elsewhere));
    EXPECT_EQ(elsewhere.outcome, model::completed());
}

Task<> overload_soon(World& world) {
    co_await world.runtime.sleep_until(Clock::now() + 2ms);
    world.politeness.report_overload(kHost, 100s);
}

TEST(PolitenessTest, WhoWaitsHearsOfTheBackOff) {
    World world({.requests_per_second = 0.02});
    run_request(world);
    Admission waiting;
    const auto deadline = Deadline::in(60s);
    world.runtime.spawn("waits", take_request(world, 0, deadline, waiting));
    world.runtime.run(overload_soon(world));
    EXPECT_EQ(waiting.outcome, model::not_reached(Reason::rate_limited));
    EXPECT_FALSE(deadline.has_passed());
}

TEST(PolitenessTest, TheBreakerAnswersForADeadPort) {
    World world({.requests_per_second = 1e6, .breaker_failures = 2, .breaker_pause = 1s});
    const Outcome failure = model::not_reached(Reason::refused);
    world.politeness.report_connect(kHost, 80, failure);
    EXPECT_EQ(run_connection(world).outcome, model::completed());
    world.politeness.report_connect(kHost, 80, failure);
    EXPECT_EQ(run_connection(world).outcome, failure);
    EXPECT_EQ(world.politeness.connection_count(), 1U);
}

Task<> sleep_for(World& world, Clock::duration span) {
    co_await world.runtime.sleep_until(Clock::now() + span);
}

TEST(PolitenessTest, AfterThePauseOneTrialGoesAndSuccessClosesTheBreaker) {
    World world({.requests_per_second = 1e6, .connections = 10, .breaker_failures = 1, .breaker_pause = 1s});
    const Outcome failure = model::not_reached(Reason::timeout);
    world.politeness.report_connect(kHost, 80, failure);
    world.runtime.run(sleep_for(world, 1010ms));
    EXPECT_EQ(run_connection(world).outcome, model::completed());
    EXPECT_EQ(run_connection(world).outcome, failure) << "one trial only";
    world.politeness.report_connect(kHost, 80, model::completed());
    EXPECT_EQ(run_connection(world).outcome, model::completed());
}

TEST(PolitenessTest, WhatWeStoppedOurselvesIsNoFailure) {
    World world({.requests_per_second = 1e6, .breaker_failures = 1});
    world.politeness.report_connect(kHost, 80, model::skipped(Reason::stopped));
    EXPECT_EQ(run_connection(world).outcome, model::completed());
}

Task<> stop_soon(World& world) {
    co_await world.runtime.sleep_until(Clock::now() + 2ms);
    world.runtime.stop_traffic();
}

TEST(PolitenessTest, StoppingEndsEveryWait) {
    World world({.requests_per_second = 0.001, .connections = 1});
    const Admission held = run_connection(world);
    std::vector<Admission> waiting(20);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (i % 2 == 0) {
            world.runtime.spawn("waits for the rate", take_request(world, 0, Deadline(), waiting[i]));
        } else {
            world.runtime.spawn("waits for a slot", take_connection(world, kHost, Deadline(), waiting[i]));
        }
    }
    world.runtime.run(stop_soon(world));
    for (const Admission& one : waiting) {
        EXPECT_EQ(one.outcome, model::skipped(Reason::stopped));
    }
    EXPECT_EQ(world.politeness.connection_count(), 1U);
}

TEST(PolitenessTest, SweepingIdleAddressesKeepsServing) {
    World world({.requests_per_second = 1e6});
    for (std::uint32_t i = 0; i < 5000; ++i) {
        Admission one;
        world.runtime.run(take_connection(world, model::IpAddress::v4(0x7f010000 + i), Deadline::in(10s), one)
        );
        ASSERT_EQ(one.outcome, model::completed());
    }
    EXPECT_EQ(world.politeness.connection_count(), 5000U);
}

std::chrono::minutes minute_of_day() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    return std::chrono::hours(local.tm_hour) + std::chrono::minutes(local.tm_min);
}

bool is_quiet(std::chrono::minutes from, std::chrono::minutes until) {
    const auto day = std::chrono::minutes(24 * 60);
    const World world({.quiet_hours = {(from + day) % day, (until + day) % day}});
    return world.politeness.is_quiet_now();
}

TEST(PolitenessTest, QuietHoursMayWrapMidnight) {
    const auto now = minute_of_day();
    EXPECT_TRUE(is_quiet(now - 60min, now + 60min));
    EXPECT_FALSE(is_quiet(now + 60min, now + 120min));
    EXPECT_FALSE(is_quiet(now + 60min, now - 60min));
    EXPECT_TRUE(is_quiet(now - 60min, now - 120min));
    EXPECT_FALSE(is_quiet(now, now)) << "none";
}

} // namespace
} // namespace fengsui::net
