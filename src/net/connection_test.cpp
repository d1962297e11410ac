#include "net/connection.h"
#include "net/listener.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "net/ticket_for_test.h"

#include <gtest/gtest.h>

#include <array>

namespace fengsui::net {
namespace {

using namespace std::chrono_literals;
using model::Reason;

const model::IpAddress kLoopback = model::IpAddress::v4(0x7f000001);

/// Everything a test needs; outlives every task.
struct World {
    Runtime runtime;
    Politeness politeness{runtime, {.requests_per_second = 1e6, .connections = 100}};
    registry::ScopeAuthority authority;
    int accepted = 0;
    std::vector<std::unique_ptr<Connection>> kept;
};

Task<> echo(std::unique_ptr<Connection> peer) {
    std::array<char, 4096> buffer{};
    for (;;) {
        const Transfer got = co_await peer->read_some(buffer.data(), buffer.size());
        if (!got.outcome.is_completed() || got.bytes == 0) {
            co_return;
        }
        co_await peer->write({buffer.data(), got.bytes});
    }
}

Task<> stay_silent(World& world, std::unique_ptr<Connection> peer) {
    ++world.accepted;
    world.kept.push_back(std::move(peer));
    co_return;
}

Task<> reset(std::unique_ptr<Connection> peer) {
    peer->abort();
    co_return;
}

Task<> speak_then_reset(std::unique_ptr<Connection> peer) {
    co_await peer->write("half an ans");
    peer->abort();
}

std::unique_ptr<TcpListener> listen(World& world, ConnectionHandler handler) {
    return std::make_unique<TcpListener>(world.runtime, kLoopback, 0, std::move(handler));
}

std::unique_ptr<TcpListener> listen_silently(World& world) {
    return listen(world, [&world](std::unique_ptr<Connection> peer) {
        return stay_silent(world, std::move(peer));
    });
}

Task<> connect_into(World& world, std::uint16_t port, Deadline deadline, Connected& result) {
    result =
        co_await connect(world.runtime, world.politeness, world.authority.ticket(kLoopback), port, deadline);
}

Connected run_connect(World& world, std::uint16_t port, Deadline deadline = Deadline::in(10s)) {
    Connected result;
    world.runtime.run(connect_into(world, port, deadline, result));
    return result;
}

struct Conversation {
    model::Outcome outcome;
    std::string answer;
    std::uint64_t bytes = 0;
};

Task<> read_all(Connection& connection, Conversation& result) {
    std::array<char, 65536> buffer{};
    for (;;) {
        const Transfer got = co_await connection.read_some(buffer.data(), buffer.size());
        result.outcome = got.outcome;
        if (!got.outcome.is_completed() || got.bytes == 0) {
            co_return;
        }
        result.answer.append(buffer.data(), got.bytes);
    }
}

Task<> write_all(Connection& connection, const std::string& text, Transfer& result) {
    result = co_await connection.write(text);
}

/// Says `text` and reads as much back.
Task<> converse(World& world, std::uint16_t port, std::string text, Conversation& result) {
    Connected made;
    co_await connect_into(world, port, Deadline::in(10s), made);
    result.outcome = made.outcome;
    if (!made.connection) {
        co_return;
    }
    Transfer written;
    world.runtime.spawn("writes", write_all(*made.connection, text, written));
    std::array<char, 65536> buffer{};
    while (result.answer.size() < text.size()) {
        const Transfer got = co_await made.connection->read_some(buffer.data(), buffer.size());
        result.outcome = got.outcome;
        if (got.bytes == 0) {
            co_return;
        }
        result.answer.append(buffer.data(), got.bytes);
    }
    result.bytes = made.connection->bytes_read();
}

TEST(ConnectionTest, EchoesMoreThanTheSocketBuffersHold) {
    World world;
    const auto server = listen(world, echo);
    const std::string text(std::size_t{8} * 1024 * 1024, 'x');
    Conversation result;
    world.runtime.run(converse(world, server->port(), text, result));
    EXPECT_EQ(result.outcome, model::completed());
    EXPECT_EQ(result.answer.size(), text.size());
    EXPECT_EQ(result.bytes, text.size());
}

TEST(ConnectionTest, KnowsItsAddresses) {
    World world;
    const auto server = listen_silently(world);
    const Connected made = run_connect(world, server->port());
    ASSERT_TRUE(made.connection);
    EXPECT_TRUE(made.connection->is_open());
    EXPECT_EQ(made.connection->remote_address(), kLoopback);
    EXPECT_EQ(made.connection->local_address(), kLoopback);
    EXPECT_NE(made.connection->local_port(), 0);
    EXPECT_EQ(world.politeness.connection_count(), 1U);
}

TEST(ConnectionTest, ARefusedPortIsNotReached) {
    World world;
    auto server = listen_silently(world);
    const std::uint16_t port = server->port();
    server.reset();
    const Connected made = run_connect(world, port);
    EXPECT_EQ(made.outcome, model::not_reached(Reason::refused));
    EXPECT_EQ(made.connection, nullptr);
}

TEST(ConnectionTest, ATicketThatNoLongerHoldsMakesNoConnection) {
    World world;
    const auto server = listen_silently(world);
    world.authority.revoke(Reason::not_authorised);
    EXPECT_EQ(run_connect(world, server->port()).outcome, model::refused(Reason::not_authorised));
    world.authority.revoke(Reason::none);
    EXPECT_EQ(run_connect(world, server->port()).outcome, model::completed());
    Conversation unused;
    world.runtime.run(converse(world, server->port(), "", unused)
    ); // gives the listener time to see a wrong one
    EXPECT_EQ(world.accepted, 2);
}

Task<> read_until(World& world, std::uint16_t port, Deadline deadline, Conversation& result) {
    Connected made;
    co_await connect_into(world, port, Deadline::in(10s), made);
    made.connection->set_deadline(deadline);
    co_await read_all(*made.connection, result);
    EXPECT_FALSE(made.connection->is_open());
}

TEST(ConnectionTest, TheDeadlineEndsReadingFromASilentPeer) {
    World world;
    const auto server = listen_silently(world);
    Conversation result;
    const auto deadline = Deadline::in(20ms);
    world.runtime.run(read_until(world, server->port(), deadline, result));
    EXPECT_EQ(result.outcome, model::not_reached(Reason::timeout));
    EXPECT_TRUE(deadline.has_passed());
}

Task<> extend_deadline(
    World& world, std::uint16_t port, Deadline first, Deadline second, Conversation& result
) {
    Connected made;
    co_await connect_into(world, port, Deadline::in(10s), made);
    made.connection->set_deadline(first);
    made.connection->set_deadline(second);
    co_await read_all(*made.connection, result);
}

TEST(ConnectionTest, ALaterDeadlineReplacesAnEarlierOne) {
    World world;
    const auto server = listen_silently(world);
    Conversation result;
    const auto second = Deadline::in(60ms);
    world.runtime.run(extend_deadline(world, server->port(), Deadline::in(10ms), second, result));
    EXPECT_EQ(result.outcome, model::not_reached(Reason::timeout));
    EXPECT_TRUE(second.has_passed());
}

Task<> fill(World& world, std::uint16_t port, const std::string& text, Transfer& result) {
    Connected made;
    co_await connect_into(world, port, Deadline::in(10s), made);
    made.connection->set_deadline(Deadline::in(30ms));
    result = co_await made.connection->write(text);
}

TEST(ConnectionTest, TheDeadlineEndsWritingToAPeerThatDoesNotRead) {
    World world;
    const auto server = listen_silently(world);
    const std::string text(std::size_t{64} * 1024 * 1024, 'x');
    Transfer result;
    world.runtime.run(fill(world, server->port(), text, result));
    EXPECT_EQ(result.outcome, model::not_reached(Reason::timeout));
    EXPECT_LT(result.bytes, text.size());
}

Task<> stop_when_accepted(World& world, int connections) {
    while (world.accepted < connections) {
        co_await world.runtime.sleep_until(Deadline::Clock::now() + 1ms);
    }
    world.runtime.stop_traffic();
}

TEST(ConnectionTest, StoppingTrafficEndsEveryClientConnectionAndRefusesNewOnes) {
    World world;
    const auto server = listen_silently(world);
    std::array<Conversation, 20> results;
    for (Conversation& result : results) {
        world.runtime.spawn("reads", read_until(world, server->port(), Deadline(), result));
    }
    world.runtime.run(stop_when_accepted(world, 20));
    for (const Conversation& result : results) {
        EXPECT_EQ(result.outcome, model::skipped(Reason::stopped));
    }
    EXPECT_EQ(run_connect(world, server->port()).outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(world.accepted, 20);
}

TEST(ConnectionTest, AResetIsToldFromAnEnd) {
    World world;
    const auto server = listen(world, reset);
    Conversation result;
    world.runtime.run(converse(world, server->port(), "hello", result));
    EXPECT_EQ(result.outcome, model::not_reached(Reason::reset));
}

Task<> read_to_the_end(World& world, std::uint16_t port, Conversation& result) {
    Connected made;
    co_await connect_into(world, port, Deadline::in(10s), made);
    co_await read_all(*made.connection, result);
}

TEST(ConnectionTest, WhatCameBeforeAResetIsRead) {
    World world;
    const auto server = listen(world, speak_then_reset);
    Conversation result;
    world.runtime.run(read_to_the_end(world, server->port(), result));
    EXPECT_EQ(result.answer, "half an ans");
    EXPECT_EQ(result.outcome, model::not_reached(Reason::reset));
}

Task<> speak_then_close(std::unique_ptr<Connection> peer) {
    co_await peer->write("good bye");
    peer->close();
    EXPECT_FALSE(peer->is_open());
}

TEST(ConnectionTest, AnOrderlyEndIsZeroBytes) {
    World world;
    const auto server = listen(world, speak_then_close);
    Conversation result;
    world.runtime.run(read_to_the_end(world, server->port(), result));
    EXPECT_EQ(result.answer, "good bye");
    EXPECT_EQ(result.outcome, model::completed());
}

Task<> report_end(Conversation& seen, std::unique_ptr<Connection> peer) {
    co_await read_all(*peer, seen);
}

Task<> lose_listener(World& world, std::unique_ptr<TcpListener>& server, Conversation& result) {
    Connected made;
    co_await connect_into(world, server->port(), Deadline::in(10s), made);
    while (world.runtime.task_count() < 2) { // until the handler is under way
        co_await world.runtime.sleep_until(Deadline::Clock::now() + 1ms);
    }
    server.reset();
    co_await read_all(*made.connection, result);
}

TEST(ConnectionTest, AListenerThatGoesTakesItsConnectionsAlong) {
    World world;
    Conversation seen;
    Conversation result;
    auto server = listen(world, [&seen](std::unique_ptr<Connection> peer) {
        return report_end(seen, std::move(peer));
    });
    world.runtime.run(lose_listener(world, server, result));
    EXPECT_EQ(seen.outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(result.outcome, model::completed()) << "the client sees an orderly end";
}

} // namespace
} // namespace fengsui::net
