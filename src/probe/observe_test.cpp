#include "probe/observe.h"
#include "probe/test_peers.h"

#include <gtest/gtest.h>

namespace fengsui::probe {

namespace {

using model::Offered;
using model::Reason;
using test::moved;
using test::page;
using test::WebPeer;
using test::World;
using Part = model::ObservationPart;

const std::vector<Part> kSite = {
    Part::whole, Part::name, Part::web, Part::document, Part::options, Part::security_txt, Part::tls};

Plan plan_of(std::vector<Part> parts, std::vector<WantedPath> paths = {}) {
    return {std::move(parts), std::move(paths), base::parse_rfc3339("2026-11-24T08:00:00Z").or_throw()};
}

std::string url_of(const WebPeer& peer, std::string_view scheme = "http", std::string_view path = "/") {
    return fmt::format("{}://site.test:{}{}", scheme, peer.port(), path);
}

/// An http and an https server of the same site; the first leads to the second.
class SecureSite : public testing::Test {
protected:
    net::TlsServer::Settings settings;
    std::unique_ptr<net::TlsServer> tls;
    World world{test::rsa_key()};
    std::unique_ptr<WebPeer> plain;
    std::unique_ptr<WebPeer> secure;

    void SetUp() override {
        tls = std::make_unique<net::TlsServer>(settings);
        world.identify(*tls);
        plain = std::make_unique<WebPeer>(world.runtime);
        secure = std::make_unique<WebPeer>(world.runtime, tls.get());
        plain->on("GET /", moved(url_of(*secure, "https")));
        secure->on("GET /", page("<a href='/upload/'>files</a>hello"));
        secure->on("OPTIONS /", page("", "200 OK", "Allow: GET, HEAD, OPTIONS\r\n"));
        secure->on("GET /.well-known/security.txt", page("Contact: mailto:a@site.test\n"));
        world.gate.urls = {model::Url::parse(url_of(*secure, "https")).or_throw()};
    }

    model::Observation look(std::vector<Part> parts = kSite) {
        return world.observe(url_of(*plain), plan_of(std::move(parts)));
    }
};

TEST_F(SecureSite, IsSeenWithFewRequests) {
    const auto seen = look();
    EXPECT_TRUE(seen.name.outcome.is_completed());
    ASSERT_EQ(seen.web.plain.hops.size(), 2U);
    EXPECT_TRUE(seen.web.plain.end.is_completed());
    ASSERT_NE(seen.web.document(), nullptr);
    EXPECT_EQ(seen.web.document()->url.str(), url_of(*secure, "https"));
    EXPECT_EQ(seen.web.document()->address, test::ip("127.0.0.1"));
    ASSERT_TRUE(seen.web.options);
    ASSERT_NE(seen.web.options->header("Allow"), nullptr);
    ASSERT_NE(seen.web.security_txt.final(), nullptr);
    EXPECT_EQ(seen.web.security_txt.final()->status, 200);
    ASSERT_EQ(seen.web.directories.size(), 1U);
    EXPECT_EQ(seen.web.directories[0].status, 404);
    EXPECT_EQ(plain->connections(), 1U);
    EXPECT_EQ(plain->requests(), std::vector<std::string>{"GET /"});
    EXPECT_LE(secure->connections(), 40U)
        << "OpenSSL's default list is not clean: one conversation, the hellos";
    EXPECT_GE(secure->connections(), 10U);
    EXPECT_EQ(
        secure->requests(),
        (std::vector<std::string>{"GET /", "OPTIONS /", "GET /upload/", "GET /.well-known/security.txt"})
    );
    EXPECT_EQ(seen.exposure.outcome, model::refused(Reason::policy));
}

TEST_F(SecureSite, TlsIsJudged) {
    const auto seen = look();
    EXPECT_TRUE(seen.tls.outcome.is_completed());
    ASSERT_EQ(seen.tls.endpoints.size(), 1U);
    const auto& endpoint = seen.tls.endpoints[0];
    EXPECT_EQ(endpoint.version, "TLSv1.3");
    EXPECT_EQ(endpoint.port, secure->port());
    EXPECT_EQ(endpoint.trust, model::Trust::trusted);
    EXPECT_EQ(endpoint.chain.size(), 2U);
    EXPECT_EQ(endpoint.tls10, Offered::no);
    EXPECT_EQ(endpoint.tls11, Offered::no);
    EXPECT_EQ(endpoint.tls13, Offered::yes);
    EXPECT_EQ(endpoint.suite_class("static_rsa").offered, Offered::yes)
        << "OpenSSL's default list has RSA key transport";
    EXPECT_EQ(endpoint.tls12, Offered::yes);
    ASSERT_FALSE(endpoint.suite_class("static_rsa").accepted.empty());
    EXPECT_EQ(endpoint.suite_class("static_rsa").accepted[0].rfind("TLS_RSA_WITH_AES_", 0), 0U);
    EXPECT_EQ(endpoint.suite_class("rc4").offered, Offered::no);
    EXPECT_EQ(endpoint.suite_class("null").offered, Offered::no);
    EXPECT_EQ(endpoint.suite_class("cbc_sha1").offered, Offered::yes);
    EXPECT_EQ(endpoint.sslv2, Offered::no);
    EXPECT_EQ(endpoint.sslv3, Offered::no);
    EXPECT_EQ(endpoint.compression, Offered::no);
    EXPECT_EQ(endpoint.secure_renegotiation, Offered::yes);
    EXPECT_EQ(endpoint.client_renegotiation, Offered::no) << "OpenSSL 3 refuses it";
    EXPECT_EQ(endpoint.extended_master_secret, Offered::yes);
    EXPECT_EQ(endpoint.early_data, Offered::no);
    EXPECT_EQ(endpoint.version_intolerance.offered, Offered::no);
    EXPECT_EQ(endpoint.weak_curve.offered, Offered::no);
    EXPECT_EQ(endpoint.tlcp.offered, Offered::no);
    EXPECT_EQ(endpoint.client_certificate, model::ClientCertificate::not_asked);
    EXPECT_TRUE(endpoint.hellos.is_completed());
    EXPECT_EQ(endpoint.revocation_outcome, model::skipped(Reason::not_applicable)) << "no list, no address";
}

TEST_F(SecureSite, TlsAloneMakesItsOwnHandshake) {
    const auto seen = look({Part::tls});
    EXPECT_TRUE(seen.tls.outcome.is_completed());
    ASSERT_EQ(seen.tls.endpoints.size(), 1U);
    EXPECT_EQ(seen.tls.endpoints[0].trust, model::Trust::trusted);
    EXPECT_TRUE(secure->requests().empty());
    EXPECT_EQ(plain->connections(), 0U);
    EXPECT_EQ(seen.web.outcome, model::Outcome());
}

TEST_F(SecureSite, CarefulAsksForPathsThatNoLinkNames) {
    secure->on("GET /.git/HEAD", page("ref: refs/heads/main\n"));
    const auto seen = world.observe(
        url_of(*plain),
        plan_of(
            {Part::exposure, Part::tls},
            {{"exposure.git_repository", "/.git/HEAD"}, {"exposure.backup_file", "/{host}.zip"}}
        ),
        model::ProbeClass::careful
    );
    EXPECT_TRUE(seen.exposure.outcome.is_completed());
    ASSERT_EQ(seen.exposure.controls.size(), 3U);
    EXPECT_EQ(seen.exposure.controls[0].status, 404);
    ASSERT_EQ(seen.exposure.paths.size(), 2U);
    EXPECT_EQ(seen.exposure.paths[0].exchange.status, 200);
    EXPECT_EQ(seen.exposure.paths[0].exchange.body, "ref: refs/heads/main\n");
    EXPECT_EQ(seen.exposure.paths[1].exchange.url.path, "/site.test.zip");
    EXPECT_LE(secure->connections(), 41U) << "the pages, the hellos, and the paths last";
    EXPECT_TRUE(seen.tls.outcome.is_completed());
}

TEST(ControlName, IsTheSameForADay) {
    const auto morning = base::parse_rfc3339("2026-11-24T01:00:00Z").or_throw();
    const auto evening = base::parse_rfc3339("2026-11-24T20:00:00Z").or_throw();
    const auto name = control_name(model::AssetId("a"), morning, "x");
    EXPECT_EQ(name.rfind("fs-", 0), 0U);
    EXPECT_EQ(name, control_name(model::AssetId("a"), evening, "x"));
    EXPECT_NE(name, control_name(model::AssetId("b"), morning, "x"));
    EXPECT_NE(name, control_name(model::AssetId("a"), morning, "y"));
    EXPECT_NE(name, control_name(model::AssetId("a"), morning + std::chrono::hours(24), "x"));
}

/// TLS 1.0 and 1.1 only.
class OldSite : public SecureSite {
protected:
    OldSite() {
        settings.min_version = "TLSv1";
        settings.max_version = "TLSv1.1";
    }
};

TEST_F(OldSite, OldVersionsAreSeen) {
    const auto seen = look();
    ASSERT_EQ(seen.tls.endpoints.size(), 1U);
    const auto& endpoint = seen.tls.endpoints[0];
    EXPECT_EQ(endpoint.version, "TLSv1.1");
    EXPECT_EQ(endpoint.tls10, Offered::yes);
    EXPECT_EQ(endpoint.tls11, Offered::yes);
    EXPECT_EQ(endpoint.tls12, Offered::no);
    EXPECT_EQ(endpoint.tls13, Offered::no);
    EXPECT_EQ(endpoint.suite_class("static_rsa").offered, Offered::yes) << "at the version it came down to";
}

TEST(Observe, RedirectOutOfScopeIsNotFollowed) {
    World world;
    WebPeer site(world.runtime);
    WebPeer other(world.runtime);
    site.on("GET /", moved(fmt::format("http://other.test:{}/", other.port())));
    world.dns.add("other.test", net::DnsType::a, "127.0.0.1");
    const auto seen = world.observe(url_of(site), plan_of(kSite));
    EXPECT_TRUE(seen.web.outcome.is_completed());
    ASSERT_EQ(seen.web.plain.hops.size(), 1U);
    EXPECT_TRUE(seen.web.plain.hops[0].redirect);
    EXPECT_EQ(seen.web.plain.end, model::refused(Reason::not_registered));
    EXPECT_EQ(other.connections(), 0U);
    EXPECT_EQ(world.dns.asked("other.test"), 0U);
    EXPECT_EQ(seen.web.document(), nullptr);
    EXPECT_EQ(seen.tls.outcome, model::skipped(Reason::not_applicable))
        << "no https counterpart of that port";
}

TEST(Observe, RedirectToARegisteredHostAtAnUnregisteredAddressIsNotFollowed) {
    World world;
    WebPeer site(world.runtime);
    WebPeer other(world.runtime, nullptr, "127.0.0.9");
    world.gate.hosts.insert("other.test");
    world.dns.add("other.test", net::DnsType::a, "127.0.0.9");
    site.on("GET /", moved(fmt::format("http://other.test:{}/", other.port())));
    const auto seen = world.observe(url_of(site), plan_of({Part::web}));
    EXPECT_EQ(seen.web.plain.end, model::refused(Reason::private_address));
    EXPECT_EQ(other.connections(), 0U);
    EXPECT_EQ(world.dns.asked("other.test"), 2U) << "A and AAAA";
}

TEST(Observe, RedirectInScopeIsFollowed) {
    World world;
    WebPeer site(world.runtime);
    WebPeer other(world.runtime);
    world.gate.hosts.insert("other.test");
    world.dns.add("other.test", net::DnsType::a, "127.0.0.1");
    site.on("GET /", moved(fmt::format("http://other.test:{}/x", other.port())));
    other.on("GET /x", page("there"));
    const auto seen = world.observe(url_of(site), plan_of({Part::exposure}), model::ProbeClass::careful);
    ASSERT_NE(seen.web.document(), nullptr);
    EXPECT_EQ(seen.web.document()->body, "there");
    ASSERT_EQ(seen.exposure.controls.size(), 3U);
    EXPECT_EQ(other.requests().size(), 1U) << "careful paths are for the asset's own host";
}

model::Observation look_for_two_files(World& world, WebPeer& site) {
    site.on("GET /", page("home"));
    return world.observe(
        url_of(site),
        plan_of({Part::exposure}, {{"exposure.sql_dump", "/a.sql"}, {"exposure.sql_dump", "/b.sql"}}),
        model::ProbeClass::careful
    );
}

TEST(Observe, ABanInMidVisitSaysNothingOfTheFiles) {
    World world;
    WebPeer site(world.runtime);
    site.ban_after(5); // the page, three controls, the first file
    const auto seen = look_for_two_files(world, site);
    ASSERT_EQ(seen.exposure.paths.size(), 2U);
    EXPECT_EQ(seen.exposure.paths[0].exchange.status, 404);
    EXPECT_EQ(seen.exposure.paths[1].exchange.outcome, model::not_reached(Reason::rate_limited));
}

TEST(Observe, AForbiddenFileIsNoBan) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /b.sql", page("protected", "403 Forbidden"));
    const auto seen = look_for_two_files(world, site);
    ASSERT_EQ(seen.exposure.paths.size(), 2U);
    EXPECT_TRUE(seen.exposure.paths[1].exchange.outcome.is_completed());
    EXPECT_EQ(seen.exposure.paths[1].exchange.status, 403);
}

TEST(Observe, RedirectLoopsAndMazesEnd) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", moved("/a"));
    site.on("GET /a", moved("/"));
    const auto loop = world.observe(url_of(site), plan_of({Part::web}));
    EXPECT_EQ(loop.web.plain.end, model::not_reached(Reason::http_invalid));
    EXPECT_EQ(loop.web.plain.hops.size(), 2U);
    EXPECT_TRUE(loop.web.outcome.is_completed());
    for (int i = 0; i < 20; ++i) {
        site.on(fmt::format("GET /{}", i), moved(fmt::format("/{}", i + 1)));
    }
    const auto maze = world.observe(url_of(site, "http", "/0"), plan_of({Part::web}));
    EXPECT_EQ(maze.web.plain.end, model::not_reached(Reason::http_invalid));
    EXPECT_EQ(maze.web.plain.hops.size(), 9U) << "eight redirects were followed";
}

TEST(Observe, NothingListens) {
    World world;
    std::string target;
    {
        const WebPeer gone(world.runtime);
        target = url_of(gone);
    }
    const auto seen = world.observe(target, plan_of(kSite));
    EXPECT_EQ(seen.web.outcome, model::not_reached(Reason::refused));
    ASSERT_EQ(seen.web.plain.hops.size(), 1U);
    EXPECT_EQ(seen.web.plain.hops[0].outcome, model::not_reached(Reason::refused));
    EXPECT_EQ(world.politeness.connection_count(), 2U) << "tried twice before it is believed";
    EXPECT_EQ(seen.outcome_of(Part::security_txt), model::not_reached(Reason::refused));
    EXPECT_EQ(seen.outcome_of(Part::options), model::not_reached(Reason::refused));
}

TEST(Observe, TheRegisteredUrlSaysWhyBeforeItsCounterpart) {
    World world;
    WebPeer site(world.runtime); // speaks no TLS
    const auto seen = world.observe(url_of(site, "https"), plan_of({Part::web}));
    EXPECT_EQ(seen.web.outcome, seen.web.secure.end);
}

TEST(Observe, HttpsThatIsNotThere) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", page("plain"));
    {
        const WebPeer gone(world.runtime);
        world.gate.urls = {model::Url::parse(url_of(gone, "https")).or_throw()};
    }
    const auto seen = world.observe(url_of(site), plan_of(kSite));
    EXPECT_TRUE(seen.web.outcome.is_completed());
    EXPECT_EQ(seen.web.secure.end, model::not_reached(Reason::refused));
    EXPECT_EQ(seen.tls.outcome, model::not_reached(Reason::refused));
    ASSERT_NE(seen.web.document(), nullptr);
    EXPECT_EQ(seen.web.document()->body, "plain");
    EXPECT_EQ(site.asked("GET /.well-known/security.txt"), 1U);
}

TEST(Observe, HttpsThatIsNotTls) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", page("plain"));
    WebPeer fake(world.runtime);
    fake.greet_with("HTTP/1.1 400 Bad Request\r\n\r\n");
    world.gate.urls = {model::Url::parse(url_of(fake, "https")).or_throw()};
    const auto seen = world.observe(url_of(site), plan_of(kSite));
    EXPECT_FALSE(seen.web.secure.end.is_completed());
    EXPECT_EQ(seen.tls.outcome.status, model::CoverageStatus::not_reached);
    for (const auto& endpoint : seen.tls.endpoints) {
        EXPECT_EQ(endpoint.tls10, Offered::unknown);
        EXPECT_EQ(endpoint.suite_class("static_rsa").offered, Offered::unknown);
    }
}

TEST(Observe, GarbageIsNoPage) {
    World world;
    WebPeer site(world.runtime);
    site.greet_with("SSH-2.0-OpenSSH_9.2\r\n" + std::string(100, '\x01'));
    const auto seen = world.observe(url_of(site), plan_of(kSite));
    EXPECT_EQ(seen.web.outcome, model::not_reached(Reason::http_invalid));
}

TEST(Observe, AnEndlessBodyIsCut) {
    World world;
    WebPeer site(world.runtime);
    site.greet_with(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + std::string(std::size_t{4} * 1024 * 1024, 'x')
    );
    const auto seen = world.observe(url_of(site), plan_of({Part::web}));
    ASSERT_NE(seen.web.document(), nullptr);
    EXPECT_LE(seen.web.document()->body.size(), 512U * 1024U);
    EXPECT_FALSE(seen.web.document()->body_complete);
}

/// Sends a little and then nothing until the other side has gone.
net::Task<> dawdle(std::unique_ptr<net::Connection> connection, std::string_view beginning) {
    connection->set_deadline(net::Deadline::in(std::chrono::seconds(20)));
    co_await connection->write(beginning);
    std::array<char, 512> buffer{};
    net::Transfer got{model::completed(), 1};
    while (got.outcome.is_completed() && got.bytes > 0) {
        got = co_await connection->read_some(buffer.data(), buffer.size());
    }
}

model::Observation look_at_dawdler(World& world, std::string_view beginning) {
    const net::TcpListener peer(
        world.runtime,
        test::ip("127.0.0.1"),
        0,
        [=](std::unique_ptr<net::Connection> connection) { return dawdle(std::move(connection), beginning); }
    );
    world.services.http.exchange_timeout = std::chrono::milliseconds(200);
    return world.observe(fmt::format("http://site.test:{}/", peer.port()), plan_of({Part::web}));
}

TEST(Observe, ASilentServerIsATimeoutAndHalfAPageIsHalfAPage) {
    World world;
    EXPECT_EQ(look_at_dawdler(world, "").web.outcome, model::not_reached(Reason::timeout));
    EXPECT_EQ(look_at_dawdler(world, "HTTP/1.1 200").web.outcome, model::not_reached(Reason::timeout));
    const auto half = look_at_dawdler(world, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    ASSERT_NE(half.web.document(), nullptr);
    EXPECT_EQ(half.web.document()->body, "half");
    EXPECT_FALSE(half.web.document()->body_complete);
}

TEST(Observe, OurOwnDeadlineIsNoTimeoutOfTheirs) {
    World world;
    world.deadline = net::Deadline::in(std::chrono::milliseconds(100));
    EXPECT_EQ(look_at_dawdler(world, "").web.outcome, model::skipped(Reason::deadline));
}

/// A ServerHello of TLS 1.0 that chooses RC4, and a ServerHelloDone: what our OpenSSL cannot speak.
constexpr std::string_view kAntiqueFlight(
    "\x16\x03\x01\x00\x2e\x02\x00\x00\x26\x03\x01RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR\x00\x00\x05\x00\x0e\x00\x00"
    "\x00",
    51
);

TEST(Observe, AnAntiqueServerIsSeenByHellosAlone) {
    World world;
    const net::TcpListener
        peer(world.runtime, test::ip("127.0.0.1"), 0, [](std::unique_ptr<net::Connection> connection) {
            return dawdle(std::move(connection), kAntiqueFlight);
        });
    const auto seen = world.observe(fmt::format("https://site.test:{}/", peer.port()), plan_of(kSite));
    EXPECT_EQ(seen.web.outcome, model::not_reached(Reason::tls_failed));
    EXPECT_TRUE(seen.tls.outcome.is_completed());
    ASSERT_EQ(seen.tls.endpoints.size(), 1U);
    const auto& endpoint = seen.tls.endpoints[0];
    EXPECT_EQ(endpoint.outcome, model::not_reached(Reason::tls_failed));
    EXPECT_EQ(endpoint.tls10, Offered::yes);
    EXPECT_EQ(endpoint.tls11, Offered::no);
    EXPECT_EQ(endpoint.tls12, Offered::no) << "it came down from the hello of TLS 1.2";
    EXPECT_EQ(endpoint.suite_class("static_rsa").offered, Offered::yes);
    EXPECT_EQ(endpoint.suite_class("rc4").accepted, std::vector<std::string>{"TLS_RSA_WITH_RC4_128_SHA"});
    EXPECT_EQ(endpoint.secure_renegotiation, Offered::no);
    EXPECT_EQ(endpoint.trust, model::Trust::unknown);
}

TEST(Observe, WithoutPermissionNothingIsAsked) {
    World world;
    WebPeer site(world.runtime);
    world.gate.hosts.clear();
    const auto seen = world.observe(url_of(site), plan_of({kSite}), model::ProbeClass::careful);
    for (const auto part :
         {Part::name,
          Part::zone,
          Part::web,
          Part::document,
          Part::options,
          Part::security_txt,
          Part::exposure,
          Part::tls,
          Part::ipv6}) {
        EXPECT_EQ(seen.outcome_of(part), model::refused(Reason::not_registered)) << to_string(part);
    }
    EXPECT_EQ(world.dns.count(), 0U);
    EXPECT_EQ(site.connections(), 0U);
    const auto mail = world.observe("mail:site.test", plan_of({Part::mail_dns, Part::smtp}));
    EXPECT_EQ(mail.outcome_of(Part::mail_dns), model::refused(Reason::not_registered));
    EXPECT_EQ(mail.outcome_of(Part::smtp), model::refused(Reason::not_registered));
    EXPECT_EQ(world.dns.count(), 0U);
}

TEST(Observe, AnUnregisteredPrivateAddressIsNotContacted) {
    World world;
    WebPeer site(world.runtime);
    world.gate.addresses.clear();
    auto parts = kSite;
    parts.push_back(Part::zone);
    const auto seen = world.observe(url_of(site), plan_of(parts));
    EXPECT_TRUE(seen.name.outcome.is_completed());
    EXPECT_EQ(seen.name.resolution.refusal, Reason::private_address);
    EXPECT_EQ(seen.name.resolution.refused, std::vector<model::IpAddress>{test::ip("127.0.0.1")});
    EXPECT_EQ(seen.web.outcome, model::refused(Reason::private_address));
    EXPECT_EQ(seen.outcome_of(Part::security_txt), model::refused(Reason::private_address));
    EXPECT_EQ(seen.tls.outcome, model::refused(Reason::private_address));
    EXPECT_TRUE(seen.zone.caa.outcome.is_completed()) << "the resolver may be asked";
    EXPECT_EQ(site.connections(), 0U);
}

TEST(Observe, NamesThatFail) {
    World world;
    world.gate.hosts = {"gone.test", "sick.test", "empty.test"};
    world.dns.fail("sick.test");
    world.dns.add("empty.test", net::DnsType::txt, "no address");
    const auto gone = world.observe("gone.test", plan_of(kSite));
    EXPECT_EQ(gone.name.outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(gone.web.outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(gone.tls.outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(
        world.observe("sick.test", plan_of(kSite)).web.outcome, model::not_reached(Reason::dns_servfail)
    );
    const auto empty = world.observe("empty.test", plan_of(kSite));
    EXPECT_EQ(empty.name.outcome, model::not_reached(Reason::dns_nxdomain));
    EXPECT_EQ(empty.web.outcome, model::not_reached(Reason::dns_nxdomain));
}

TEST(Observe, ALiteralAddressNeedsNoDns) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", page("by number"));
    world.gate.hosts = {"127.0.0.1"};
    const auto seen = world.observe(
        fmt::format("http://127.0.0.1:{}/", site.port()), plan_of({Part::web, Part::zone, Part::ipv6})
    );
    ASSERT_NE(seen.web.document(), nullptr);
    EXPECT_EQ(seen.web.document()->body, "by number");
    EXPECT_EQ(seen.name.resolution.addresses, std::vector<model::IpAddress>{test::ip("127.0.0.1")});
    EXPECT_EQ(seen.zone.outcome, model::skipped(Reason::not_applicable));
    EXPECT_EQ(seen.ipv6.outcome, model::skipped(Reason::not_applicable));
    EXPECT_EQ(world.dns.count(), 0U);
}

TEST(Observe, ASecondAddressIsTriedWhenTheFirstRefuses) {
    World world;
    WebPeer site(world.runtime, nullptr, "127.0.0.3");
    site.on("GET /", page("second"));
    world.dns.add("site.test", net::DnsType::a, "127.0.0.3");
    world.gate.addresses = {test::ip("127.0.0.1"), test::ip("127.0.0.3")};
    const auto seen = world.observe(url_of(site), plan_of({Part::web}));
    ASSERT_NE(seen.web.document(), nullptr);
    EXPECT_EQ(seen.web.document()->address, test::ip("127.0.0.3"));
}

TEST(Observe, TimeThatIsUpAndTrafficThatIsStopped) {
    World world;
    WebPeer site(world.runtime);
    auto parts = kSite;
    parts.push_back(Part::zone);
    world.deadline = net::Deadline::in(std::chrono::seconds(-1));
    const auto late = world.observe(url_of(site), plan_of(parts));
    EXPECT_EQ(late.web.outcome, model::skipped(Reason::deadline));
    EXPECT_EQ(late.zone.outcome, model::skipped(Reason::deadline));
    EXPECT_EQ(site.connections(), 0U);
    world.deadline = net::Deadline();
    world.runtime.stop_traffic();
    const auto stopped = world.observe(url_of(site), plan_of(parts));
    EXPECT_EQ(stopped.web.outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(stopped.tls.outcome, model::skipped(Reason::stopped));
    EXPECT_EQ(site.connections(), 0U);
}

TEST(Observe, PrefixesAreNotLookedAt) {
    World world;
    const auto seen = world.observe("192.0.2.0/24", plan_of({kSite}));
    EXPECT_EQ(seen.web.outcome, model::skipped(Reason::not_applicable));
    EXPECT_EQ(seen.name.outcome, model::skipped(Reason::not_applicable));
    EXPECT_EQ(world.dns.count(), 0U);
}

TEST(Observe, Ipv6IsKnockedAtWhereIpv4Answers) {
    World world;
    WebPeer site(world.runtime);
    site.on("GET /", page("four"));
    world.dns.add("site.test", net::DnsType::aaaa, "::1");
    world.gate.addresses.insert(test::ip("::1"));
    const auto seen = world.observe(url_of(site), plan_of({Part::ipv6}));
    EXPECT_TRUE(seen.ipv6.outcome.is_completed());
    EXPECT_EQ(seen.ipv6.addresses, std::vector<model::IpAddress>{test::ip("::1")});
    if (!seen.ipv6.has_vantage) {
        GTEST_SKIP() << "this machine has no ::1";
    }
    ASSERT_EQ(seen.ipv6.attempts.size(), 1U);
    EXPECT_EQ(seen.ipv6.attempts[0].port, site.port());
    EXPECT_EQ(seen.ipv6.attempts[0].outcome, model::not_reached(Reason::refused));
}

} // namespace

} // namespace fengsui::probe
