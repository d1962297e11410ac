#include "base/temp_directory_for_test.h"
#include "base/text.h"
#include "net/connection.h"
#include "net/politeness.h"
#include "net/resolver.h"
#include "net/runtime.h"
#include "net/ticket_for_test.h"
#include "range/range.h"
#include "range/world/world.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace fengsui::range {
namespace {

using namespace std::chrono_literals;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Addresses of this run's own, so that a range that somebody runs is not in the way.
model::IpAddress own_base() {
    return model::IpAddress::v4((127U << 24) | ((193U + static_cast<std::uint32_t>(getpid()) % 50U) << 16));
}

/// What one connection came to.
struct Visit {
    model::Outcome outcome;
    net::TlsSession tls;
    std::string bytes; ///< at most 1 MiB
};

struct Wanted {
    model::IpAddress address;
    std::uint16_t port = 0;
    std::string host; ///< for TLS; empty: none
    std::string request;
    std::chrono::seconds patience{20};
};

class RangeRuns : public ::testing::Test {
protected:
    RangeRuns() : politeness_(runtime_, polite()) {}

    static net::PolitenessOptions polite() {
        net::PolitenessOptions options;
        options.requests_per_second = 1000;
        options.connections = 20;
        return options;
    }

    /// A range of that many sites, and the world it must be.
    void start(unsigned sites, std::uint64_t seed) {
        RangeOptions options;
        options.sites = sites;
        options.seed = seed;
        options.registry_file = folder_.path() / "registry.csv";
        options.truth_file = folder_.path() / "truth.jsonl";
        options.trust_file = folder_.path() / "trust.pem";
        options.resolver_port = 0;
        options.base_address = own_base();
        range_ = std::make_unique<Range>(runtime_, options);
        range_->start();
        const auto registry = read_file(*options.registry_file);
        WorldPlan plan;
        plan.sites = sites;
        plan.seed = seed;
        plan.base = own_base();
        plan.has_low_ports = registry.find(":8080/") == std::string::npos;
        plan.has_ipv6 = registry.find("::1/128") != std::string::npos;
        world_ = make_world(plan);
        EXPECT_EQ(registry, registry_csv(world_));
        EXPECT_EQ(read_file(*options.truth_file), truth_jsonl(world_));
    }

    const Site& site_where(bool (*fits)(const Site&)) const {
        for (const auto& site : world_.sites) {
            if (fits(site)) {
                return site;
            }
        }
        ADD_FAILURE() << "no such site";
        return world_.sites.front();
    }

    net::Task<> visit(Wanted wanted, Visit& seen) {
        const auto deadline = net::Deadline::in(wanted.patience);
        auto connected = co_await net::connect(
            runtime_, politeness_, authority_.ticket(wanted.address), wanted.port, deadline
        );
        seen.outcome = connected.outcome;
        if (!connected.connection) {
            co_return;
        }
        auto& connection = *connected.connection;
        connection.set_deadline(deadline);
        if (!wanted.host.empty()) {
            net::TlsClientOptions options;
            options.server_name = wanted.host;
            seen.outcome = co_await connection.start_tls(options, seen.tls);
            if (!seen.outcome.is_completed()) {
                co_return;
            }
        }
        co_await connection.write(wanted.request);
        std::array<char, 8192> buffer{};
        while (seen.bytes.size() < (1U << 20)) {
            const auto transfer = co_await connection.read_some(buffer.data(), buffer.size());
            seen.outcome = transfer.outcome;
            if (!transfer.outcome.is_completed() || transfer.bytes == 0) {
                co_return;
            }
            seen.bytes.append(buffer.data(), transfer.bytes);
        }
    }

    Visit get(
        const Site& site, bool is_secure, const std::string& path, std::chrono::seconds patience = 20s
    ) {
        Visit seen;
        const auto port = is_secure ? site.https_port : site.http_port;
        const auto request =
            "GET " + path + " HTTP/1.1\r\nHost: " + site.host + "\r\nConnection: close\r\n\r\n";
        runtime_.run(visit({site.address, port, is_secure ? site.host : "", request, patience}, seen));
        return seen;
    }

    net::Task<> look_up(std::string name, model::NameResolution& found) {
        net::ResolverOptions options;
        options.servers = {range_->ready_line()["resolver"].as_string()};
        net::Resolver resolver(runtime_, options);
        found = co_await resolver.resolve(std::move(name), net::Deadline::in(10s));
    }

    net::Runtime runtime_;
    net::Politeness politeness_;
    registry::ScopeAuthority authority_;
    base::TempDirectory folder_;
    std::unique_ptr<Range> range_;
    World world_;
};

bool is_sound(const Site& site) {
    return site.hostile == Hostile::none && site.listens_http() && site.listens_https() && site.is_readable()
           && !site.leaves_scope && !site.home_redirects && !site.is_gbk && !site.has(Fault::http_stack_trace)
           && !site.has(Fault::http_default_page) && !site.has(Fault::http_https_redirect_missing)
           && !site.has(Fault::http_https_downgrade);
}

TEST_F(RangeRuns, serves_pages_names_and_certificates) {
    start(30, 1);
    const auto& site = site_where(&is_sound);
    model::NameResolution found;
    runtime_.run(look_up(site.host, found));
    ASSERT_FALSE(found.addresses.empty());
    EXPECT_EQ(found.addresses.front(), site.address);

    const auto plain = get(site, false, "/");
    EXPECT_NE(plain.bytes.find("Location: " + site.origin(true) + "/"), std::string::npos) << plain.bytes;
    const auto secure = get(site, true, "/");
    EXPECT_TRUE(secure.bytes.starts_with("HTTP/1.1 200 OK\r\n")) << secure.bytes;
    EXPECT_NE(secure.bytes.find(site.unit_name), std::string::npos);
    EXPECT_FALSE(secure.tls.certificates.empty());
    EXPECT_TRUE(get(site, true, "/nowhere").bytes.find("HTTP/1.1 404") == 0 || site.answers_everything);
    EXPECT_GE(range_->request_count(), 3U);
    EXPECT_GE(range_->query_count(), 2U);
}

TEST_F(RangeRuns, its_ready_line_says_where_everything_is) {
    start(5, 2);
    const auto line = range_->ready_line();
    EXPECT_EQ(line["type"].as_string(), "ready");
    EXPECT_EQ(line["sites"].as_int(), 5);
    EXPECT_EQ(line["trust"].as_string(), (folder_.path() / "trust.pem").string());
    EXPECT_TRUE(line["resolver"].as_string().starts_with("127.0.0.1:"));
    EXPECT_EQ(line["districts"].items().size(), 1U);
    EXPECT_TRUE(read_file(folder_.path() / "trust.pem").starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST_F(RangeRuns, a_second_range_on_the_same_addresses_says_so) {
    start(5, 3);
    RangeOptions options;
    options.sites = 5;
    options.seed = 3;
    options.resolver_port = 0;
    options.base_address = own_base();
    Range second(runtime_, options);
    try {
        second.start();
        FAIL() << "two ranges cannot listen at one address";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), base::ErrorCode::io);
        EXPECT_NE(error.message().find("cannot listen on 127."), std::string::npos) << error.message();
    }
}

TEST_F(RangeRuns, shows_the_hostile_kinds) {
    start(300, 4);
    const auto& garbage = site_where([](const Site& site) { return site.hostile == Hostile::garbage; });
    const auto noise = get(garbage, false, "/");
    EXPECT_FALSE(noise.bytes.empty());
    EXPECT_FALSE(noise.bytes.starts_with("HTTP"));
    const auto& endless = site_where([](const Site& site) { return site.hostile == Hostile::endless; });
    EXPECT_GE(get(endless, true, "/").bytes.size(), 1U << 20);
    const auto& many = site_where([](const Site& site) { return site.hostile == Hostile::many_headers; });
    EXPECT_NE(get(many, true, "/").bytes.find("X-T9999: "), std::string::npos);
    const auto& cut = site_where([](const Site& site) { return site.hostile == Hostile::reset_in_body; });
    const auto part = get(cut, true, "/");
    EXPECT_TRUE(part.bytes.starts_with("HTTP/1.1 200"));
    EXPECT_FALSE(part.outcome.is_completed());
    const auto& busy = site_where([](const Site& site) { return site.hostile == Hostile::busy_once; });
    EXPECT_TRUE(get(busy, true, "/").bytes.starts_with("HTTP/1.1 429"));
    EXPECT_TRUE(get(busy, true, "/").bytes.starts_with("HTTP/1.1 200"));
    const auto& reset = site_where([](const Site& site) { return site.hostile == Hostile::reset; });
    EXPECT_EQ(get(reset, false, "/").outcome, model::not_reached(model::Reason::reset));
    const auto& flood = site_where([](const Site& site) { return site.hostile == Hostile::record_flood; });
    EXPECT_FALSE(get(flood, true, "/", 1s).outcome.is_completed());
}

TEST_F(RangeRuns, faults_can_be_mended_while_it_runs) {
    start(300, 5);
    const auto& closed = site_where([](const Site& site) { return site.has(Fault::http_https_missing); });
    EXPECT_EQ(get(closed, true, "/").outcome, model::not_reached(model::Reason::refused));
    EXPECT_FALSE(range_->mend(closed.targets[0], "tls.tls10")) << "it has no such fault";
    EXPECT_FALSE(range_->mend("https://nobody.test/", "http.https_missing"));
    ASSERT_TRUE(range_->mend(closed.targets[0], "http.https_missing"));
    EXPECT_TRUE(get(closed, true, "/").outcome.is_completed());
    EXPECT_FALSE(range_->mend(closed.targets[0], "http.https_missing")) << "mended already";
    const auto line = "{\"target\":\"" + closed.targets[0] + "\",\"check\":\"http.https_missing\"}";
    EXPECT_NE(read_file(folder_.path() / "truth.jsonl").find(line), std::string::npos);
    EXPECT_EQ(range_->truth().find(line), std::string::npos);

    const auto& expired =
        site_where([](const Site& site) { return site.has(Fault::tls_certificate_expired); });
    const auto before = get(expired, true, "/").tls.certificates;
    ASSERT_TRUE(range_->mend(expired.targets[0], "tls.certificate_expired"));
    EXPECT_NE(get(expired, true, "/").tls.certificates.at(0), before.at(0));
}

TEST_F(RangeRuns, mail_servers_talk) {
    start(300, 6);
    if (!world_.plan.has_low_ports) {
        GTEST_SKIP() << "ports below 1024 are not permitted here";
    }
    const auto talk = [this](const Site& site) {
        Visit seen;
        runtime_.run(visit({site.address, 25, "", "EHLO probe.test\r\nQUIT\r\n"}, seen));
        return seen.bytes;
    };
    const auto& sound = site_where([](const Site& site) {
        return site.has_mail() && !site.has_null_mx && !site.has(Fault::mail_starttls_missing);
    });
    EXPECT_NE(talk(sound).find("250-STARTTLS\r\n"), std::string::npos);
    const auto& plain = site_where([](const Site& site) { return site.has(Fault::mail_starttls_missing); });
    EXPECT_EQ(talk(plain).find("STARTTLS"), std::string::npos);
    EXPECT_TRUE(talk(plain).ends_with("221 2.0.0 Bye\r\n"));
}

TEST_F(RangeRuns, old_and_weak_tls_is_really_offered) {
    start(300, 7);
    const auto& site =
        site_where([](const Site& candidate) { return candidate.has(Fault::tls_certificate_weak_key); });
    EXPECT_TRUE(get(site, true, "/").outcome.is_completed());
    const auto& signed_badly = site_where([](const Site& candidate) {
        return candidate.has(Fault::tls_certificate_weak_signature);
    });
    EXPECT_TRUE(get(signed_badly, true, "/").outcome.is_completed());
}

TEST(RangeOptionsTest, refuses_what_cannot_be) {
    net::Runtime runtime;
    RangeOptions options;
    options.sites = 0;
    EXPECT_THROW(Range(runtime, options), base::Error);
    options.sites = kMaxSites + 1;
    EXPECT_THROW(Range(runtime, options), base::Error);
    options.sites = 1;
    options.resolver_address = model::IpAddress::v4(0x08080808);
    EXPECT_THROW(Range(runtime, options), base::Error);
    options = {};
    options.base_address = model::IpAddress::v4(0x0a000000);
    EXPECT_THROW(Range(runtime, options), base::Error);
    options = {};
    options.registry_file = "/nonexistent/folder/registry.csv";
    options.resolver_port = 0;
    options.base_address = own_base();
    Range range(runtime, options);
    EXPECT_THROW(range.start(), base::Error);
}

} // namespace
} // namespace fengsui::range
