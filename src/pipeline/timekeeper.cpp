#include "pipeline/timekeeper.h"

#include "base/log.h"
#include "net/runtime.h"
#include "store/idempotency_store.h"
#include "workflow/due_batch.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace fengsui::pipeline {

namespace asio = boost::asio;

namespace {

/// One turn holds the store for no longer than this many firings take.
constexpr std::size_t kBatch = 50;
/// Also how long a clock that was set forward can go unnoticed.
constexpr auto kLongestRest = std::chrono::milliseconds(30'000);
constexpr auto kShortestRest = std::chrono::milliseconds(20);
constexpr auto kSweepEvery = std::chrono::hours(1);
/// contract_rest.md 6.1: how long a repetition is answered as the first time.
constexpr auto kAnswersLast = std::chrono::days(30);

} // namespace

struct Timekeeper::Turn {
    bool has_more = false;
    std::chrono::milliseconds rest = kLongestRest;
};

Timekeeper::Timekeeper(net::Runtime& runtime, workflow::Engine& engine, store::Database& database)
    : runtime_(runtime), engine_(engine), database_(database), rest_(runtime.io()) {}

/// Blocking. What it cannot do now (a full disk) it tries again after a rest: nothing due is lost.
Timekeeper::Turn Timekeeper::take_turn() {
    Turn turn;
    try {
        const auto now = base::now();
        turn.has_more = workflow::run_due_batch(engine_, database_, now, kBatch) >= kBatch;
        if (const auto next = engine_.next_due()) {
            turn.rest = std::clamp(
                std::chrono::duration_cast<std::chrono::milliseconds>(*next - now),
                kShortestRest,
                kLongestRest
            );
        }
        const auto tick = std::chrono::steady_clock::now();
        if (swept_at_ == std::chrono::steady_clock::time_point() || tick - swept_at_ >= kSweepEvery) {
            store::IdempotencyStore(database_).forget_before(now - kAnswersLast);
            swept_at_ = tick;
        }
    } catch (const std::exception& error) {
        base::log_error(error.what());
        turn = {};
    }
    return turn;
}

net::Task<> Timekeeper::run() {
    while (!is_ended_) {
        is_rung_ = false;
        Turn turn;
        const std::function<void()> work = [this, &turn] {
            turn = take_turn();
        };
        co_await runtime_.offload(work);
        if (turn.has_more || is_rung_ || is_ended_) {
            continue;
        }
        boost::system::error_code ignored;
        rest_.expires_after(turn.rest);
        auto wait = rest_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_await std::move(wait);
    }
}

void Timekeeper::ring() {
    is_rung_ = true;
    rest_.cancel();
}

void Timekeeper::end() {
    is_ended_ = true;
    rest_.cancel();
}

} // namespace fengsui::pipeline
