#include "net/dns_direct.h"
#include "net/dns_wire.h"
#include "net/listener.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "net/ticket_for_test.h"

#include <gtest/gtest.h>

#include <array>

namespace fengsui::net {
namespace {

using model::Reason;

const model::IpAddress kSelf = model::IpAddress::v4(0x7f000001);
const DnsQuestion kSoa{"site.test", DnsType::soa};
constexpr std::string_view kSoaText = "ns.site.test admin.site.test 1 2 3 4 5";

DnsRecord record(const std::string& name, DnsType type, std::string_view text) {
    return {name, type, 60, dns_rdata(type, text)};
}

struct Peer {
    DnsCode code = DnsCode::no_error;
    std::vector<DnsRecord> answers = {record("site.test", DnsType::soa, kSoaText)};
    std::size_t per_message = 100;
    bool hangs_up = false;
    std::vector<DnsMessage> queries;

    std::vector<std::string> replies(std::string_view bytes) {
        const auto query = decode_dns(bytes);
        queries.push_back(*query);
        auto reply = *query;
        reply.is_response = true;
        reply.is_authoritative = true;
        reply.code = code;
        std::vector<std::string> out;
        for (std::size_t at = 0; at < answers.size() || out.empty(); at += per_message) {
            const auto count = std::min(per_message, answers.size() - at);
            reply.answers.assign(
                answers.begin() + static_cast<std::ptrdiff_t>(at),
                answers.begin() + static_cast<std::ptrdiff_t>(at + count)
            );
            out.push_back(encode_dns(reply));
        }
        return out;
    }
    Task<> serve(std::unique_ptr<Connection> connection) {
        connection->set_deadline(Deadline::in(std::chrono::seconds(10)));
        std::array<char, 2048> buffer{};
        const auto got = co_await connection->read_some(buffer.data(), buffer.size());
        if (hangs_up || got.bytes < 2) {
            co_return;
        }
        for (const auto& reply : replies(std::string_view(buffer.data() + 2, got.bytes - 2))) {
            std::string frame;
            append_u16(frame, static_cast<std::uint16_t>(reply.size()));
            frame += reply;
            co_await connection->write(frame);
        }
    }
};

struct World {
    Runtime runtime;
    Politeness politeness{runtime, PolitenessOptions{1000, 10}};
    registry::ScopeAuthority authority;
    Peer peer;
    UdpListener udp{runtime, kSelf, 0, [this](std::string_view datagram) {
                        return peer.replies(datagram).front();
                    }};
    TcpListener tcp{runtime, kSelf, 0, [this](std::unique_ptr<Connection> connection) {
                        return peer.serve(std::move(connection));
                    }};
    Deadline deadline = Deadline::in(std::chrono::seconds(20));

    Task<> keep_udp(std::uint16_t port, DirectAnswer& out) {
        out = co_await ask_over_udp(runtime, authority.ticket(kSelf), port, kSoa, deadline);
    }
    Task<> keep_tcp(std::uint16_t port, DirectAnswer& out) {
        out = co_await ask_over_tcp(runtime, politeness, authority.ticket(kSelf), port, kSoa, deadline);
    }
    Task<> keep_transfer(TransferBeginning& out) {
        out = co_await begin_transfer(
            runtime, politeness, authority.ticket(kSelf), tcp.port(), "site.test", 3, deadline
        );
    }
};

TEST(DnsDirect, AsksWithoutRecursionOverUdpAndTcp) {
    World world;
    DirectAnswer udp;
    world.runtime.run(world.keep_udp(world.udp.port(), udp));
    ASSERT_TRUE(udp.message);
    EXPECT_TRUE(udp.message->is_authoritative);
    DirectAnswer tcp;
    world.runtime.run(world.keep_tcp(world.tcp.port(), tcp));
    ASSERT_TRUE(tcp.message);
    EXPECT_EQ(tcp.message->answers.size(), 1U);
    ASSERT_EQ(world.peer.queries.size(), 2U);
    EXPECT_FALSE(world.peer.queries[0].recursion_desired);
    EXPECT_TRUE(world.peer.queries[0].dnssec_ok);
    EXPECT_EQ(world.politeness.connection_count(), 1U) << "the datagram is none";
}

TEST(DnsDirect, NobodyThere) {
    World world;
    std::uint16_t closed = 0;
    {
        const UdpListener gone(world.runtime, kSelf, 0, [](std::string_view) { return std::string(); });
        closed = gone.port();
    }
    DirectAnswer udp;
    world.runtime.run(world.keep_udp(closed, udp));
    EXPECT_EQ(udp.outcome, model::not_reached(Reason::refused));
    world.peer.hangs_up = true;
    DirectAnswer tcp;
    world.runtime.run(world.keep_tcp(world.tcp.port(), tcp));
    EXPECT_EQ(tcp.outcome, model::not_reached(Reason::reset));
}

TEST(DnsDirect, WithoutAPermissionNothingIsSent) {
    World world;
    world.authority.revoke(Reason::not_authorised);
    DirectAnswer udp;
    world.runtime.run(world.keep_udp(world.udp.port(), udp));
    EXPECT_EQ(udp.outcome, model::refused(Reason::not_authorised));
    EXPECT_TRUE(world.peer.queries.empty());
}

TEST(DnsDirect, ATransferIsBrokenOffAfterThreeRecords) {
    World world;
    world.peer.answers = {record("site.test", DnsType::soa, kSoaText)};
    for (int i = 0; i < 50; ++i) {
        world.peer.answers.push_back(record("h" + std::to_string(i) + ".site.test", DnsType::a, "127.0.0.1"));
    }
    for (const std::size_t per_message : {1U, 2U, 100U}) {
        world.peer.per_message = per_message;
        TransferBeginning begun;
        world.runtime.run(world.keep_transfer(begun));
        EXPECT_TRUE(begun.outcome.is_completed());
        ASSERT_EQ(begun.records.size(), 3U) << per_message;
        EXPECT_EQ(begun.records[2].name, "h1.site.test");
    }
    EXPECT_EQ(world.peer.queries[0].questions[0].type, DnsType::axfr);
}

TEST(DnsDirect, ATransferRefused) {
    World world;
    world.peer.code = DnsCode::refused;
    world.peer.answers.clear();
    TransferBeginning begun;
    world.runtime.run(world.keep_transfer(begun));
    EXPECT_TRUE(begun.outcome.is_completed());
    EXPECT_EQ(begun.code, DnsCode::refused);
    EXPECT_TRUE(begun.records.empty());
    world.peer.hangs_up = true;
    begun = {};
    world.runtime.run(world.keep_transfer(begun));
    EXPECT_TRUE(begun.outcome.is_completed());
    EXPECT_TRUE(begun.records.empty());
}

} // namespace
} // namespace fengsui::net
