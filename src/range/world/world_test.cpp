#include "base/json.h"
#include "base/text.h"
#include "model/registry.h"
#include "range/world/compose.h"
#include "range/world/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace fengsui::range {
namespace {

World world_of(unsigned sites, std::uint64_t seed) {
    WorldPlan plan;
    plan.sites = sites;
    plan.seed = seed;
    return make_world(plan);
}

std::map<std::string, std::set<std::size_t>> sites_by_check(const World& world) {
    std::map<std::string, std::set<std::size_t>> sites;
    for (const auto& site : world.sites) {
        for (const auto& line : truth_of(site)) {
            sites[line.check].insert(site.index);
        }
    }
    return sites;
}

TEST(RangeFault, every_id_is_found_by_its_name) {
    for (std::size_t i = 0; i < kFaultCount; ++i) {
        const auto fault = static_cast<Fault>(i);
        EXPECT_EQ(find_fault(check_id(fault)), fault);
    }
    EXPECT_EQ(check_id(Fault::security_txt_expired), "security_txt.expired");
    EXPECT_EQ(area_of(Fault::ipv6_unreachable), "ipv6");
    EXPECT_EQ(find_fault("tls.tls13_missing"), std::nullopt);
}

TEST(RangeWorld, same_seed_same_files) {
    const auto first = world_of(120, 7);
    const auto second = world_of(120, 7);
    EXPECT_EQ(registry_csv(first), registry_csv(second));
    EXPECT_EQ(truth_jsonl(first), truth_jsonl(second));
    EXPECT_NE(registry_csv(first), registry_csv(world_of(120, 8)));
    EXPECT_NE(truth_jsonl(first), truth_jsonl(world_of(120, 8)));
}

TEST(RangeWorld, this_seed_gives_these_files_on_every_machine) {
    // A change here changes every range that anybody has written down: intend it.
    const auto world = world_of(3, 1);
    EXPECT_EQ(world.base.str(), "127.65.0.0");
    EXPECT_EQ(world.sites[0].zone, "wxb.fengqiao.test");
    EXPECT_EQ(Random(1).next(), 0x910a2dec89025cc1ULL);
}

TEST(RangeWorld, every_fault_trips_in_a_range_of_three_hundred_whatever_the_seed) {
    for (const std::uint64_t seed : {0ULL, 1ULL, 2ULL, 42ULL, 20261124ULL, ~0ULL}) {
        const auto world = world_of(300, seed);
        ASSERT_EQ(world.sites.size(), 300U);
        const auto sites = sites_by_check(world);
        for (std::size_t i = 0; i < kFaultCount; ++i) {
            const std::string check(check_id(static_cast<Fault>(i)));
            const auto found = sites.find(check);
            ASSERT_NE(found, sites.end()) << check << " seed " << seed;
            EXPECT_GE(found->second.size(), 2U) << check << " seed " << seed;
            if (check != "ipv6.aaaa_missing") {
                EXPECT_LE(found->second.size(), 220U) << check << " seed " << seed;
            }
        }
    }
}

TEST(RangeWorld, truth_has_no_line_twice_and_only_registered_targets) {
    const auto world = world_of(300, 5);
    std::set<std::string> assets;
    const std::string registry = registry_csv(world);
    for (const auto line : base::lines(registry)) {
        assets.insert(std::string(base::split(line, ',')[7]));
    }
    std::set<TruthLine> seen;
    for (const auto& site : world.sites) {
        for (const auto& line : truth_of(site)) {
            EXPECT_TRUE(seen.insert(line).second) << line.target << line.check;
            EXPECT_TRUE(assets.contains(line.target)) << line.target;
        }
    }
    EXPECT_GT(seen.size(), 600U);
}

TEST(RangeWorld, every_asset_reads_as_one_and_none_stands_twice) {
    const auto world = world_of(2500, 3);
    std::set<std::string> canonical;
    std::set<std::string> zones;
    for (const auto& site : world.sites) {
        EXPECT_TRUE(zones.insert(site.zone).second) << site.zone;
        for (const auto& text : site.targets) {
            const auto target = model::AssetTarget::parse(text);
            ASSERT_TRUE(target) << text;
            EXPECT_TRUE(canonical.insert(target->canonical()).second) << text;
        }
        EXPECT_TRUE(!site.is_resolvable() || world.block.contains(site.address));
    }
    EXPECT_EQ(world.districts.size(), 5U);
}

TEST(RangeWorld, parents_are_listed_before_their_children) {
    const auto world = world_of(700, 9);
    std::set<std::string> units = {""};
    bool is_first = true;
    const std::string registry = registry_csv(world);
    for (const auto line : base::lines(registry)) {
        const auto cells = base::split(line, ',');
        if (!is_first && cells.size() > 2) {
            EXPECT_TRUE(units.contains(std::string(cells[2]))) << line;
            units.insert(std::string(cells[0]));
        }
        is_first = false;
    }
}

TEST(RangeWorld, shares_are_as_described) {
    const auto world = world_of(300, 11);
    std::size_t careful = 0;
    std::size_t sharing = 0;
    std::size_t hostile = 0;
    std::size_t faultless = 0;
    std::set<Hostile> kinds;
    for (const auto& site : world.sites) {
        careful += site.is_careful ? 1 : 0;
        sharing += site.shares_address ? 1 : 0;
        hostile += site.hostile != Hostile::none ? 1 : 0;
        kinds.insert(site.hostile);
        faultless += site.faults.empty() && site.is_authorised ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(careful), 210, 35);
    EXPECT_NEAR(static_cast<double>(sharing), 60, 15);
    EXPECT_EQ(hostile, 15U);
    EXPECT_EQ(kinds.size(), kHostileCount);
    EXPECT_GE(faultless, 3U);
}

void expect_only_the_visible(const Site& site) {
    const auto lines = truth_of(site);
    const auto claims = [&](std::string_view area) {
        return std::any_of(lines.begin(), lines.end(), [&](const TruthLine& line) {
            return line.check.starts_with(area);
        });
    };
    if (!site.is_authorised) {
        EXPECT_TRUE(lines.empty());
    }
    if (site.has(Fault::site_unreachable) || !site.is_resolvable()) {
        EXPECT_FALSE(claims("tls.") || claims("http.") || claims("header.") || claims("exposure."));
    }
    if (!site.is_careful) {
        EXPECT_FALSE(claims("exposure."));
    }
    if (site.has(Fault::http_https_missing)) {
        EXPECT_FALSE(claims("tls.") || claims("header.hsts") || claims("cookie.not_secure"));
    }
}

TEST(RangeTruth, nothing_that_cannot_be_seen_is_claimed) {
    for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
        for (const auto& site : world_of(300, seed).sites) {
            SCOPED_TRACE(site.host);
            expect_only_the_visible(site);
        }
    }
}

void expect_each_fault_applicable(const Site& site) {
    for (std::size_t i = 0; site.is_authorised && i < kFaultCount; ++i) {
        const auto fault = static_cast<Fault>(i);
        const bool may_rest = fault == Fault::ipv6_aaaa_missing; // where the name itself fails
        if (site.has(fault) && !may_rest) {
            EXPECT_TRUE(is_applicable(site, fault)) << site.host << " " << check_id(fault);
        }
    }
}

TEST(RangeTruth, each_fault_of_a_site_is_claimed_so_that_none_is_hidden_by_another) {
    for (const std::uint64_t seed : {1ULL, 4ULL, 99ULL}) {
        for (const auto& site : world_of(400, seed).sites) {
            expect_each_fault_applicable(site);
        }
    }
}

TEST(RangeCompose, a_tls_1_0_server_takes_1_1_too) {
    Site site;
    Random random(1);
    compose_faults(site, Fault::tls_tls10, 0, {}, random);
    EXPECT_TRUE(site.has(Fault::tls_tls11));
    EXPECT_TRUE(site.has(Fault::tls_cipher_cbc_sha1)) << "what TLS 1.0 speaks";
    EXPECT_TRUE(fits_beside(site, Fault::tls_certificate_expired));
    EXPECT_FALSE(fits_beside(site, Fault::http_https_missing));
    EXPECT_FALSE(fits_beside(site, Fault::mail_spf_missing));
}

TEST(RangeWorld, without_low_ports_urls_name_theirs_and_there_is_no_mail) {
    WorldPlan plan;
    plan.sites = 100;
    plan.has_low_ports = false;
    plan.has_ipv6 = false;
    const auto world = make_world(plan);
    for (const auto& site : world.sites) {
        EXPECT_FALSE(site.has_mail());
        EXPECT_FALSE(site.has(Fault::http_https_missing));
        ASSERT_EQ(site.targets.size(), 2U);
        EXPECT_TRUE(site.targets[0].ends_with(":8080/"));
        EXPECT_TRUE(site.targets[1].ends_with(":8443/"));
    }
    EXPECT_FALSE(sites_by_check(world).contains("ipv6.unreachable"));
}

TEST(RangeWorld, english_names_when_asked) {
    WorldPlan plan;
    plan.sites = 20;
    plan.language = "en";
    EXPECT_NE(registry_csv(make_world(plan)).find("Fengqiao District Cyberspace Office"), std::string::npos);
}

} // namespace
} // namespace fengsui::range
