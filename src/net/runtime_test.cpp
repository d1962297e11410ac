#include "base/error.h"
#include "net/runtime.h"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <thread>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;

Task<> fail() {
    throw base::Error(base::ErrorCode::conflict, "as planned");
    co_return;
}

Task<> count(int& done) {
    ++done;
    co_return;
}

Task<> sleep_then_count(Runtime& runtime, int& done) {
    co_await runtime.sleep_until(Deadline::Clock::now() + 5ms);
    ++done;
}

Task<> spawn_some(Runtime& runtime, int& done) {
    runtime.spawn("sleeps", sleep_then_count(runtime, done));
    runtime.spawn("fails", fail());
    runtime.spawn("ends at once", count(done));
    co_return;
}

TEST(RuntimeTest, RunWaitsForSpawnedTasksAndSurvivesTheirFailure) {
    Runtime runtime;
    int done = 0;
    runtime.run(spawn_some(runtime, done));
    EXPECT_EQ(done, 2);
    EXPECT_EQ(runtime.task_count(), 0U);
}

TEST(RuntimeTest, RunRethrowsWhatMainThrew) {
    Runtime runtime;
    try {
        runtime.run(fail());
        FAIL() << "nothing was thrown";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), base::ErrorCode::conflict);
    }
    int done = 0;
    runtime.run(count(done)); // and can be run again
    EXPECT_EQ(done, 1);
}

TEST(RuntimeTest, TheDestructorWaitsForTasks) {
    int done = 0;
    {
        Runtime runtime;
        runtime.spawn("ends at once", count(done));
    }
    EXPECT_EQ(done, 1);
}

struct Threads {
    std::thread::id work;
    std::thread::id after;
};

Task<> look_at_threads(Runtime& runtime, Threads& threads) {
    std::function<void()> work = [&threads] {
        threads.work = std::this_thread::get_id();
    };
    co_await runtime.offload(std::move(work));
    threads.after = std::this_thread::get_id();
}

TEST(RuntimeTest, OffloadRunsElsewhereAndComesBack) {
    Runtime runtime;
    Threads threads;
    runtime.run(look_at_threads(runtime, threads));
    EXPECT_NE(threads.work, std::this_thread::get_id());
    EXPECT_EQ(threads.after, std::this_thread::get_id());
}

void throw_conflict() {
    throw base::Error(base::ErrorCode::conflict, "in the pool");
}

Task<> offload_failure(Runtime& runtime, std::string& caught) {
    std::function<void()> work = throw_conflict;
    try {
        co_await runtime.offload(std::move(work));
    } catch (const base::Error& error) {
        caught = error.message();
    }
}

TEST(RuntimeTest, OffloadBringsExceptionsBack) {
    Runtime runtime;
    std::string caught;
    runtime.run(offload_failure(runtime, caught));
    EXPECT_EQ(caught, "in the pool");
}

Task<> add_many(Runtime& runtime, std::size_t& sum) {
    for (std::size_t i = 0; i < 100; ++i) {
        std::function<void()> work = [&sum, i] {
            sum += i;
        };
        co_await runtime.offload(std::move(work));
    }
}

TEST(RuntimeTest, WhatThePoolWroteIsSeenAfterwards) {
    Runtime runtime;
    std::size_t sum = 0;
    runtime.run(add_many(runtime, sum));
    EXPECT_EQ(sum, 4950U);
}

Task<> sleep_for_ever(Runtime& runtime, std::optional<bool>& slept) {
    slept = co_await runtime.sleep_until(Deadline().at());
}

Task<> stop_soon(Runtime& runtime) {
    co_await runtime.sleep_until(Deadline::Clock::now() + 1ms);
    runtime.stop_traffic();
    runtime.stop_traffic();
}

TEST(RuntimeTest, StoppingTrafficEndsSleep) {
    Runtime runtime;
    std::optional<bool> slept;
    std::optional<bool> slept_later;
    runtime.spawn("sleeps", sleep_for_ever(runtime, slept));
    runtime.run(stop_soon(runtime));
    runtime.run(sleep_for_ever(runtime, slept_later));
    EXPECT_EQ(slept, false);
    EXPECT_EQ(slept_later, false);
    EXPECT_TRUE(runtime.is_traffic_stopped());
}

Task<> interrupt_self(Runtime& runtime) {
    static_cast<void>(std::raise(SIGTERM));
    co_await runtime.sleep_until(Deadline().at());
}

TEST(RuntimeTest, TheFirstSignalCallsBackOnTheIoThread) {
    Runtime runtime;
    std::thread::id thread;
    runtime.on_interrupt([&] {
        thread = std::this_thread::get_id();
        runtime.stop_traffic();
    });
    runtime.run(interrupt_self(runtime));
    EXPECT_EQ(thread, std::this_thread::get_id());
}

Task<> interrupt_twice(Runtime& runtime) {
    static_cast<void>(std::raise(SIGINT));
    static_cast<void>(std::raise(SIGINT));
    co_await runtime.sleep_until(Deadline().at());
}

void ignore_first_signal() {
    Runtime runtime;
    runtime.on_interrupt([] {});
    runtime.run(interrupt_twice(runtime));
}

TEST(RuntimeDeathTest, TheSecondSignalEndsTheProcess) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(ignore_first_signal(), testing::ExitedWithCode(3), "");
}

} // namespace
} // namespace fengsui::net
