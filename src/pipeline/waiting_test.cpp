// Turns and groups: who waits for whom.
#include "base/error.h"
#include "net/runtime.h"
#include "pipeline/address_turns.h"
#include "pipeline/task_group.h"

#include <gtest/gtest.h>

namespace fengsui::pipeline {
namespace {

net::Task<> nap(net::Runtime& runtime) {
    co_await runtime.sleep_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
}

net::Task<> hold(
    net::Runtime& runtime, AddressTurns& turns, model::IpAddress address, int number, std::vector<int>& order
) {
    const auto turn = co_await turns.take(address);
    order.push_back(number);
    co_await nap(runtime);
    order.push_back(-number);
}

net::Task<> hold_three(net::Runtime& runtime, std::vector<int>& order, model::IpAddress second) {
    AddressTurns turns(runtime, 1);
    TaskGroup group(runtime);
    const auto first = model::IpAddress::parse("127.0.0.1").value();
    group.start("one", hold(runtime, turns, first, 1, order));
    group.start("two", hold(runtime, turns, second, 2, order));
    group.start("three", hold(runtime, turns, first, 3, order));
    co_await group.join();
}

TEST(AddressTurns, OneAtATimeOnOneAddressInOrder) {
    net::Runtime runtime;
    std::vector<int> order;
    runtime.run(hold_three(runtime, order, model::IpAddress::parse("127.0.0.1").value()));
    EXPECT_EQ(order, (std::vector<int>{1, -1, 2, -2, 3, -3}));
}

TEST(AddressTurns, OtherAddressesDoNotWait) {
    net::Runtime runtime;
    std::vector<int> order;
    runtime.run(hold_three(runtime, order, model::IpAddress::parse("127.0.0.2").value()));
    ASSERT_EQ(order.size(), 6U);
    EXPECT_EQ(order[0], 1);
    EXPECT_EQ(order[1], 2) << "the second began before the first had ended";
}

net::Task<> fail() {
    throw base::Error(base::ErrorCode::io, "disk");
    co_return;
}

net::Task<> join_failing(net::Runtime& runtime) {
    TaskGroup group(runtime);
    group.start("bad", fail());
    group.start("good", nap(runtime));
    co_await group.join();
}

TEST(TaskGroup, RethrowsWhatATaskThrew) {
    net::Runtime runtime;
    EXPECT_THROW(runtime.run(join_failing(runtime)), base::Error);
}

net::Task<> join_nothing(net::Runtime& runtime) {
    TaskGroup group(runtime);
    co_await group.join();
}

TEST(TaskGroup, AnEmptyGroupEndsAtOnce) {
    net::Runtime runtime;
    runtime.run(join_nothing(runtime));
}

} // namespace
} // namespace fengsui::pipeline
