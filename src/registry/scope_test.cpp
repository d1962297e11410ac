#include "base/temp_directory_for_test.h"
#include "registry/import.h"
#include "registry/scope.h"

#include <gtest/gtest.h>

#include <fstream>

namespace fengsui::registry {
namespace {

using model::AssetId;
using model::IpAddress;
using model::Reason;

constexpr const char* kRegistry = "unit,asset,authorised_from,authorised_until\n"
                                  "u1,http://www.example.cn/,,\n"
                                  "u1,portal.example.cn,2026-01-01,2026-12-31\n"
                                  "u1,http://old.example.cn/,,2025-12-31\n"
                                  "u1,mail:example.cn,,\n"
                                  "u1,192.0.2.0/24,,\n"
                                  "u1,10.0.0.5,,2025-12-31\n"
                                  "u1,10.9.0.0/16,,\n"
                                  "u1,10.9.1.0/24,,2025-12-31\n"
                                  "u1,http://127.0.0.1:8080/,,\n"
                                  "u1,fd00::/8,,\n";

model::RegistryData registry(const std::string& csv = kRegistry) {
    auto reading = read_registry_bytes(csv);
    EXPECT_TRUE(reading.is_usable()) << reading.problems.at(0).message.en;
    return std::move(reading.data);
}

AssetId id_of(const std::string& asset) {
    return model::asset_id_of(model::AssetTarget::parse(asset).or_throw());
}

const AssetId kWww = id_of("http://www.example.cn/");

IpAddress ip(const std::string& text) {
    return IpAddress::parse(text).or_throw();
}

base::Date day(int year, unsigned month, unsigned date) {
    return std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(date);
}

class Scope : public ::testing::Test {
protected:
    void SetUp() override {
        scope_.set_today([this] { return today_; });
    }
    Reason ask(const AssetId& asset, const std::string& host, const std::string& address) {
        const auto admission = scope_.admit(asset, host, ip(address));
        return std::holds_alternative<Reason>(admission) ? std::get<Reason>(admission) : Reason::none;
    }

    base::Date today_ = day(2026, 11, 24);
    ScopeAuthority scope_{registry()};
};

TEST_F(Scope, TheOwnHostAtAPublicAddress) {
    const auto admission = scope_.admit(kWww, "www.example.cn", ip("1.2.3.4"));
    ASSERT_TRUE(std::holds_alternative<model::ScopeTicket>(admission));
    const auto& ticket = std::get<model::ScopeTicket>(admission);
    EXPECT_EQ(ticket.asset(), kWww);
    EXPECT_EQ(ticket.address(), ip("1.2.3.4"));
    EXPECT_EQ(ticket.host(), "www.example.cn");
    EXPECT_EQ(ticket.confirm(), Reason::none);
}

TEST_F(Scope, WhoIsNotRegisteredIsNotContacted) {
    EXPECT_EQ(ask(id_of("http://other.cn/"), "other.cn", "1.2.3.4"), Reason::not_registered);
    EXPECT_EQ(ask(kWww, "other.cn", "1.2.3.4"), Reason::not_registered);
    EXPECT_EQ(ask(kWww, "example.cn", "1.2.3.4"), Reason::not_registered);
    EXPECT_EQ(ask(kWww, "a.www.example.cn", "1.2.3.4"), Reason::not_registered);
    EXPECT_EQ(ask(kWww, "", "1.2.3.4"), Reason::not_registered);
}

TEST_F(Scope, DatesAreInclusive) {
    const auto portal = id_of("portal.example.cn");
    for (const auto& [date, reason] : std::vector<std::pair<base::Date, Reason>>{
             {day(2025, 12, 31), Reason::not_authorised},
             {day(2026, 1, 1), Reason::none},
             {day(2026, 12, 31), Reason::none},
             {day(2027, 1, 1), Reason::not_authorised}}) {
        today_ = date;
        EXPECT_EQ(ask(portal, "portal.example.cn", "1.2.3.4"), reason);
        EXPECT_EQ(scope_.permits_target(portal), reason);
    }
}

TEST_F(Scope, AnotherRegisteredHostMayBeAskedOnTheWay) {
    EXPECT_EQ(ask(kWww, "portal.example.cn", "1.2.3.4"), Reason::none);
    EXPECT_EQ(ask(kWww, "old.example.cn", "1.2.3.4"), Reason::not_authorised);
    EXPECT_EQ(ask(kWww, "mta-sts.example.cn", "1.2.3.4"), Reason::none);
    EXPECT_EQ(scope_.permits_host(kWww, "portal.example.cn"), Reason::none);
    EXPECT_EQ(scope_.permits_host(kWww, "old.example.cn"), Reason::not_authorised);
    EXPECT_EQ(scope_.permits_host(kWww, "other.cn"), Reason::not_registered);
}

TEST_F(Scope, AnAssetOutsideItsDatesReachesNothing) {
    EXPECT_EQ(ask(id_of("http://old.example.cn/"), "www.example.cn", "192.0.2.1"), Reason::not_authorised);
}

TEST_F(Scope, AListedAddressMayBeContactedUnderAnyName) {
    EXPECT_EQ(ask(id_of("mail:example.cn"), "mx.elsewhere.cn", "192.0.2.25"), Reason::none);
    EXPECT_EQ(ask(id_of("mail:example.cn"), "mx.elsewhere.cn", "1.2.3.4"), Reason::not_registered);
    EXPECT_EQ(ask(id_of("mail:example.cn"), "mx.elsewhere.cn", "10.0.0.5"), Reason::not_authorised);
    EXPECT_EQ(ask(kWww, "old.example.cn", "192.0.2.1"), Reason::none);
}

TEST_F(Scope, APrivateAddressMustBeListedItself) {
    EXPECT_EQ(ask(kWww, "www.example.cn", "127.0.0.2"), Reason::private_address);
    EXPECT_EQ(ask(kWww, "www.example.cn", "169.254.169.254"), Reason::private_address);
    EXPECT_EQ(ask(kWww, "www.example.cn", "::1"), Reason::private_address);
    EXPECT_EQ(ask(kWww, "www.example.cn", "::ffff:127.0.0.2"), Reason::private_address);
    EXPECT_EQ(ask(kWww, "www.example.cn", "192.0.2.9"), Reason::none);
    EXPECT_EQ(ask(kWww, "www.example.cn", "fd00::1"), Reason::none);
    EXPECT_EQ(ask(kWww, "www.example.cn", "127.0.0.1"), Reason::none); // listed by a URL with that address
    EXPECT_EQ(ask(kWww, "www.example.cn", "10.0.0.5"), Reason::not_authorised);
    EXPECT_EQ(ask(kWww, "portal.example.cn", "10.1.1.1"), Reason::private_address);
}

TEST_F(Scope, AWiderAuthorisedBlockCountsWhereTheNarrowerIsOutOfDate) {
    EXPECT_EQ(ask(kWww, "www.example.cn", "10.9.1.7"), Reason::none);
}

TEST_F(Scope, ALiteralAddressFollowsTheAddressRule) {
    const auto url = id_of("http://127.0.0.1:8080/");
    EXPECT_EQ(ask(url, "127.0.0.1", "127.0.0.1"), Reason::none);
    EXPECT_EQ(ask(kWww, "127.0.0.1", "127.0.0.1"), Reason::none);
    EXPECT_EQ(ask(kWww, "[fd00::2]", "fd00::2"), Reason::none);
    EXPECT_EQ(ask(kWww, "1.2.3.4", "1.2.3.4"), Reason::not_registered);
    EXPECT_EQ(ask(kWww, "127.0.0.3", "127.0.0.3"), Reason::private_address);
    EXPECT_EQ(ask(kWww, "10.0.0.5", "10.0.0.5"), Reason::not_authorised);
    EXPECT_EQ(ask(url, "127.0.0.1", "192.0.2.1"), Reason::policy); // says one address and means another
}

TEST_F(Scope, ATicketEndsWithTheAuthorisation) {
    const auto admission = scope_.admit(id_of("portal.example.cn"), "portal.example.cn", ip("1.2.3.4"));
    const auto& ticket = std::get<model::ScopeTicket>(admission);
    EXPECT_EQ(ticket.confirm(), Reason::none);
    today_ = day(2027, 1, 1);
    EXPECT_EQ(ticket.confirm(), Reason::not_authorised);
}

TEST(ScopeSource, AChangedRegistryTakesTicketsBack) {
    std::uint64_t generation = 1;
    std::string csv = kRegistry;
    int loads = 0;
    const auto reload = [&] {
        ++loads;
        return registry(csv);
    };
    ScopeAuthority scope(RegistrySource{[&] { return generation; }, reload});
    const auto admission = scope.admit(kWww, "www.example.cn", ip("1.2.3.4"));
    const auto& ticket = std::get<model::ScopeTicket>(admission);
    EXPECT_EQ(ticket.confirm(), Reason::none);
    csv = "unit,asset\nu1,\nu2,http://new.example.cn/\n"; // www is withdrawn
    EXPECT_EQ(ticket.confirm(), Reason::none);            // nobody has said so yet
    ++generation;
    EXPECT_EQ(ticket.confirm(), Reason::not_registered);
    EXPECT_EQ(scope.permits_target(id_of("http://new.example.cn/")), Reason::none);
    EXPECT_EQ(scope.generation(), 2U);
    EXPECT_EQ(loads, 2);
}

TEST(ScopeSource, WithoutARegistryNobodyIsContacted) {
    bool is_gone = false;
    const auto generation = [&is_gone]() -> std::uint64_t {
        if (is_gone) {
            throw base::Error(base::ErrorCode::io, "gone");
        }
        return 1;
    };
    ScopeAuthority scope(RegistrySource{generation, [] {
                                            return registry();
                                        }});
    const auto admission = scope.admit(kWww, "www.example.cn", ip("1.2.3.4"));
    is_gone = true;
    EXPECT_EQ(std::get<model::ScopeTicket>(admission).confirm(), Reason::policy);
    EXPECT_EQ(scope.permits_host(kWww, "www.example.cn"), Reason::policy);
}

TEST_F(Scope, UrlsOfAHostAreThoseAuthorisedToday) {
    ASSERT_EQ(scope_.authorised_urls_on("www.example.cn").size(), 1U);
    EXPECT_EQ(scope_.authorised_urls_on("www.example.cn")[0].str(), "http://www.example.cn/");
    EXPECT_TRUE(scope_.authorised_urls_on("old.example.cn").empty()) << "its dates have passed";
    EXPECT_TRUE(scope_.authorised_urls_on("portal.example.cn").empty()) << "a host, no URL";
    EXPECT_TRUE(scope_.authorised_urls_on("example.cn").empty());
}

class ScopeFile : public ::testing::Test {
protected:
    void write(const std::string& text) { std::ofstream(file_) << text; }

    base::TempDirectory temp_;
    std::filesystem::path file_ = temp_.path() / "scope.csv";
};

TEST_F(ScopeFile, AFileThatChangesIsReadAgainAndABadOneIsNot) {
    write("unit,asset\nu1,http://www.example.cn/\n");
    ScopeAuthority scope(file_source(file_));
    EXPECT_EQ(scope.permits_target(kWww), Reason::none);
    write("unit,asset\nu1,this is no asset at all\n");
    EXPECT_EQ(scope.permits_target(kWww), Reason::none);
    std::filesystem::remove(file_);
    EXPECT_EQ(scope.permits_target(kWww), Reason::none);
    write("unit,asset\nu1,http://only-this-one.example.cn/\n");
    EXPECT_EQ(scope.permits_target(kWww), Reason::not_registered);
    EXPECT_EQ(scope.permits_target(id_of("http://only-this-one.example.cn/")), Reason::none);
}

TEST_F(ScopeFile, AFileThatIsWrongFromTheFirstIsRefused) {
    write("unit,asset\nu1,not an asset\n");
    EXPECT_THROW(file_source(file_), base::Error);
    std::filesystem::remove(file_);
    EXPECT_THROW(file_source(file_), base::Error);
}

} // namespace
} // namespace fengsui::registry
