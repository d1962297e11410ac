#include "model/knowledge.h"
#include "probe/observe.h"
#include "probe/test_peers.h"
#include "probe/vantage.h"

#include <gtest/gtest.h>

namespace fengsui::probe {

namespace {

using model::Reason;
using test::page;
using test::WebPeer;
using test::World;
using Part = model::ObservationPart;

Plan looking_at(std::vector<Part> parts) {
    return {std::move(parts), {}, base::parse_rfc3339("2026-11-24T08:00:00Z").or_throw()};
}

std::string home_of(const WebPeer& peer) {
    return fmt::format("http://site.test:{}/", peer.port());
}

const model::ScriptHost* host_named(const model::Observation& seen, std::string_view name) {
    for (const auto& host : seen.scripts.hosts) {
        if (host.host == name) {
            return &host;
        }
    }
    return nullptr;
}

TEST(Scripts, HostsAreAskedOfTheDnsAndNeverContacted) {
    World world;
    WebPeer site(world.runtime);
    site.on(
        "GET /",
        page("<script src='https://js.lost.com.cn/a.js'></script><script "
             "src='//cdn.kept.com.cn/b.js'></script>"
             "<script src='https://x.lan/c.js'></script><script src='/own.js'></script>")
    );
    world.dns.add("com.cn", net::DnsType::ns, "ns.cn");
    world.dns.add("cdn.kept.com.cn", net::DnsType::a, "127.0.0.1");
    const auto seen = world.observe(home_of(site), looking_at({Part::scripts, Part::document}));
    ASSERT_TRUE(seen.scripts.outcome.is_completed());
    ASSERT_EQ(seen.scripts.hosts.size(), 3U);
    const auto gone = model::not_reached(Reason::dns_nxdomain);
    const auto* lost = host_named(seen, "js.lost.com.cn");
    ASSERT_NE(lost, nullptr);
    EXPECT_EQ(lost->domain, "lost.com.cn");
    EXPECT_EQ(lost->host_outcome, gone);
    EXPECT_EQ(lost->domain_outcome, gone);
    EXPECT_TRUE(lost->suffix_outcome.is_completed());
    EXPECT_TRUE(host_named(seen, "cdn.kept.com.cn")->host_outcome.is_completed());
    EXPECT_EQ(host_named(seen, "x.lan")->domain, ""); // nobody can register below it
    EXPECT_TRUE(seen.scripts.files.empty()) << "without library data no script is fetched";
    EXPECT_EQ(site.requests(), std::vector<std::string>{"GET /"});
}

TEST(Scripts, OwnFilesAreFetchedForTheLibraryData) {
    World world;
    WebPeer site(world.runtime);
    std::string scripts;
    for (int i = 0; i < 8; ++i) {
        scripts += fmt::format("<script src='/{}.js'></script>", i);
        site.on(fmt::format("GET /{}.js", i), page("/*! a library */"));
    }
    site.on("GET /", page(scripts));
    model::Knowledge knowledge;
    knowledge.libraries.emplace_back().name = "sample";
    world.services.knowledge = &knowledge;
    const auto seen = world.observe(home_of(site), looking_at({Part::scripts, Part::document}));
    EXPECT_EQ(seen.scripts.files.size(), 5U);
    EXPECT_EQ(seen.knowledge, &knowledge);
}

TEST(Integrity, ACleanPageCostsOneRequestMore) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", page("<title>t</title><p>some words of a page</p>"));
    const auto seen = world.observe(home_of(site), looking_at({Part::integrity, Part::document}));
    ASSERT_TRUE(seen.integrity.outcome.is_completed());
    ASSERT_TRUE(seen.integrity.crawler.has_value());
    EXPECT_FALSE(seen.integrity.visitor_again.has_value());
    EXPECT_EQ(site.asked("GET /"), 2U);
}

TEST(Integrity, SuspicionIsLookedAtTwice) {
    World world;
    WebPeer site(world.runtime);
    std::string planted = "<p>some words of a page</p><div style='font-size:0'>";
    for (int i = 0; i < 6; ++i) {
        planted += fmt::format("<a href='http://p{}.example/'>x</a>", i);
    }
    site.on("GET /", page(planted));
    const auto seen = world.observe(home_of(site), looking_at({Part::integrity, Part::document}));
    ASSERT_TRUE(seen.integrity.visitor_again.has_value());
    EXPECT_TRUE(seen.integrity.visitor_again->outcome.is_completed());
    EXPECT_FALSE(seen.integrity.crawler_again.has_value()) << "both views were alike";
}

/// Takes connections on a port of the list at an address of its own.
struct OpenPort {
    OpenPort(net::Runtime& runtime, std::string_view address, std::uint16_t port, std::string says)
        : greeting(std::move(says)),
          listener(runtime, test::ip(address), port, [this](std::unique_ptr<net::Connection> connection) {
              return serve(std::move(connection));
          }) {}

    net::Task<> serve(std::unique_ptr<net::Connection> connection) {
        ++connections;
        connection->set_deadline(net::Deadline::in(std::chrono::seconds(5)));
        co_await connection->write(greeting);
        char byte = 0;
        const auto got = co_await connection->read_some(&byte, 1);
        received += got.bytes;
    }

    std::string greeting;
    unsigned connections = 0;
    std::size_t received = 0;
    net::TcpListener listener;
};

TEST(Ports, AreConfirmedAndNothingIsWritten) {
    constexpr std::string_view kMachine = "127.83.7.19";
    World world;
    world.gate.hosts.insert(std::string(kMachine));
    world.gate.addresses = {test::ip(kMachine)};
    OpenPort database(world.runtime, kMachine, 6379, "");
    OpenPort files(world.runtime, kMachine, 873, "@RSYNCD: 31.0\n");
    const auto seen = world.observe(std::string(kMachine), looking_at({Part::ports}));
    ASSERT_TRUE(seen.ports.outcome.is_completed());
    EXPECT_EQ(seen.ports.attempts.size(), model::known_ports().size());
    EXPECT_FALSE(seen.ports.answers_everywhere);
    unsigned confirmed = 0;
    for (const auto& attempt : seen.ports.attempts) {
        const bool is_ours = attempt.port == 6379 || attempt.port == 873;
        confirmed += is_ours && attempt.is_confirmed ? 1 : 0;
        EXPECT_EQ(attempt.banner, attempt.port == 873 ? "@RSYNCD: 31.0\n" : attempt.banner);
    }
    EXPECT_EQ(confirmed, 2U);
    EXPECT_EQ(database.connections, 2U);
    EXPECT_EQ(database.received + files.received, 0U);
}

TEST(Ports, OfAUrlAreNotLookedAt) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", page("hello"));
    const auto seen = world.observe(home_of(site), looking_at({Part::ports, Part::web}));
    EXPECT_EQ(seen.ports.outcome, model::skipped(Reason::not_applicable));
    EXPECT_TRUE(seen.ports.attempts.empty());
}

TEST(Vantage, IsProvenByAnswersOnly) {
    Ipv6Vantage vantage;
    EXPECT_FALSE(vantage.is_proven());
    vantage.note_answer();
    EXPECT_TRUE(vantage.is_proven());
}

TEST(NameServers, WithAndWithoutIpv6) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", page("hello"));
    world.gate.addresses.insert(test::ip("::1"));
    world.dns.add("site.test", net::DnsType::aaaa, "::1");
    world.dns.add("site.test", net::DnsType::ns, "ns1.site.test");
    world.dns.add("site.test", net::DnsType::ns, "ns2.site.test");
    world.dns.add("ns1.site.test", net::DnsType::aaaa, "2400:1::53");
    world.dns.add("ns2.site.test", net::DnsType::a, "127.0.0.1");
    const auto seen = world.observe(home_of(site), looking_at({Part::ipv6_name_servers, Part::web}));
    ASSERT_TRUE(seen.ipv6.name_servers.outcome.is_completed());
    EXPECT_EQ(seen.ipv6.name_servers.zone, "site.test");
    ASSERT_EQ(seen.ipv6.name_servers.servers.size(), 2U);
    std::size_t with = 0;
    for (const auto& server : seen.ipv6.name_servers.servers) {
        with += server.addresses.size();
    }
    EXPECT_EQ(with, 1U);
    EXPECT_TRUE(seen.ipv6.attempts.empty()) << "nobody asked for connections";
}

} // namespace

} // namespace fengsui::probe
