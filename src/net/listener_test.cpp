#include "base/error.h"
#include "net/listener.h"
#include "net/runtime.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace fengsui::net {
namespace {

using boost::asio::ip::udp;

const model::IpAddress kLoopback = model::IpAddress::v4(0x7f000001);

std::string answer_politely(std::string_view datagram) {
    return datagram == "silence" ? std::string() : "heard " + std::string(datagram);
}

Task<> ask(Runtime& runtime, std::uint16_t port, std::string& answer) {
    udp::socket socket(runtime.io(), udp::endpoint(udp::v4(), 0));
    const udp::endpoint server(boost::asio::ip::address_v4::loopback(), port);
    socket.send_to(boost::asio::buffer(std::string("silence")), server);
    socket.send_to(boost::asio::buffer(std::string("you")), server);
    std::array<char, 100> buffer{};
    const std::size_t count =
        co_await socket.async_receive(boost::asio::buffer(buffer), boost::asio::use_awaitable);
    answer.assign(buffer.data(), count);
}

TEST(UdpListenerTest, AnswersDatagramsAndMayKeepSilent) {
    Runtime runtime;
    const UdpListener listener(runtime, kLoopback, 0, answer_politely);
    std::string answer;
    runtime.run(ask(runtime, listener.port(), answer));
    EXPECT_EQ(answer, "heard you");
}

TEST(UdpListenerTest, FreesItsPort) {
    Runtime runtime;
    std::uint16_t port = 0;
    {
        const UdpListener listener(runtime, kLoopback, 0, answer_politely);
        port = listener.port();
        EXPECT_THROW(UdpListener(runtime, kLoopback, port, answer_politely), base::Error);
    }
    const UdpListener again(runtime, kLoopback, port, answer_politely);
    EXPECT_EQ(again.port(), port);
}

Task<> drop(std::unique_ptr<Connection> /*peer*/) {
    co_return;
}

TEST(TcpListenerTest, APortInUseIsAnErrorAndFreeAfterwards) {
    Runtime runtime;
    std::uint16_t port = 0;
    {
        const TcpListener listener(runtime, kLoopback, 0, drop);
        port = listener.port();
        EXPECT_THROW(TcpListener(runtime, kLoopback, port, drop), base::Error);
    }
    const TcpListener again(runtime, kLoopback, port, drop);
    EXPECT_EQ(again.port(), port);
}

TEST(TcpListenerTest, ListensOnIpv6) {
    const auto loopback = model::IpAddress::parse("::1");
    ASSERT_TRUE(loopback);
    Runtime runtime;
    try {
        const TcpListener listener(runtime, *loopback, 0, drop);
        EXPECT_NE(listener.port(), 0);
    } catch (const base::Error&) {
        GTEST_SKIP() << "this machine has no IPv6";
    }
}

} // namespace
} // namespace fengsui::net
