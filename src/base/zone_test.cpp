#include "base/temp_directory_for_test.h"
#include "base/zone.h"
#include "base/zone_rules.h"

#include <gtest/gtest.h>

#include <fstream>

namespace fengsui::base {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Instant at(std::string_view text) {
    return parse_rfc3339(text).or_throw();
}

std::string big_endian(std::int64_t value, unsigned size) {
    std::string bytes;
    for (unsigned i = size; i > 0; --i) {
        bytes.push_back(static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * (i - 1))) & 0xFFU));
    }
    return bytes;
}

struct Kind {
    std::int64_t offset;
};

std::string block(
    unsigned size, const std::vector<std::pair<std::int64_t, int>>& times, const std::vector<Kind>& kinds
) {
    std::string bytes = "TZif2" + std::string(15, '\0');
    for (const std::size_t count :
         {std::size_t{0}, std::size_t{0}, std::size_t{0}, times.size(), kinds.size(), std::size_t{4}}) {
        bytes += big_endian(static_cast<std::int64_t>(count), 4);
    }
    for (const auto& [when, kind] : times) {
        bytes += big_endian(when, size);
    }
    for (const auto& [when, kind] : times) {
        bytes.push_back(static_cast<char>(kind));
    }
    for (const Kind& kind : kinds) {
        bytes += big_endian(kind.offset, 4) + std::string(2, '\0');
    }
    return bytes + std::string("LMT\0", 4);
}

/// UTC+1 from 1893 on, then by the rule of central Europe.
std::string berlin() {
    return block(4, {}, {{0}}) + block(8, {{-2422054408, 1}}, {{3208}, {3600}})
           + "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
}

Zone berlin_zone() {
    return Zone::parse("Europe/Berlin", berlin()).or_throw();
}

TEST(Zone, BuiltInOnesNeedNoFile) {
    const std::filesystem::path nowhere = "/nonexistent";
    EXPECT_EQ(Zone::load("UTC", nowhere)->offset_at(at("2026-07-01T00:00:00Z")), seconds(0));
    EXPECT_EQ(Zone::load("Asia/Shanghai", nowhere)->offset_at(at("2026-07-01T00:00:00Z")), hours(8));
    EXPECT_EQ(Zone::load("+05:30", nowhere)->offset_at(Instant()), minutes(330));
    EXPECT_EQ(Zone::load("-03:00", nowhere)->offset_at(Instant()), hours(-3));
    EXPECT_EQ(Zone().name(), "UTC");
    EXPECT_EQ(Zone::shanghai().name(), "Asia/Shanghai");
}

TEST(Zone, UnknownAndUnsafeNamesAreRefused) {
    const TempDirectory directory;
    std::ofstream(directory.path() / "secret") << berlin();
    std::filesystem::create_directories(directory.path() / "zones");
    const auto zones = directory.path() / "zones";
    for (const std::string_view name :
         {"",
          "Nowhere/City",
          "../secret",
          "/etc/passwd",
          "Asia//Shanghai",
          "Asia/",
          ".hidden",
          "Asia/../../secret",
          "+15:00",
          "+8:00",
          "+08:60",
          "+0800",
          "Asia\\Shanghai",
          "\xff"}) {
        const auto zone = Zone::load(name, zones);
        ASSERT_FALSE(zone.has_value()) << name;
        EXPECT_NE(zone.error().message().find("unknown time zone"), std::string::npos) << name;
    }
    EXPECT_FALSE(Zone::load(std::string(65, 'a'), zones).has_value());
}

TEST(Zone, AFileIsReadFromTheFolder) {
    const TempDirectory directory;
    std::filesystem::create_directories(directory.path() / "Europe");
    std::ofstream(directory.path() / "Europe/Berlin", std::ios::binary) << berlin();
    std::ofstream(directory.path() / "Broken", std::ios::binary) << "TZif2";
    const auto zone = Zone::load("Europe/Berlin", directory.path());
    ASSERT_TRUE(zone.has_value());
    EXPECT_EQ(zone->offset_at(at("2026-07-01T00:00:00Z")), hours(2));
    const auto broken = Zone::load("Broken", directory.path());
    ASSERT_FALSE(broken.has_value());
    EXPECT_NE(broken.error().message().find("time zone Broken: not a time zone file"), std::string::npos);
    EXPECT_FALSE(Zone::load("Europe", directory.path()).has_value()); // a folder
}

TEST(Zone, OffsetsBeforeInAndAfterTheTable) {
    const Zone zone = berlin_zone();
    EXPECT_EQ(zone.offset_at(at("1890-01-01T00:00:00Z")), seconds(3208));
    EXPECT_EQ(zone.offset_at(at("2026-01-15T12:00:00Z")), hours(1));
    EXPECT_EQ(zone.offset_at(at("2026-03-29T00:59:59Z")), hours(1));
    EXPECT_EQ(zone.offset_at(at("2026-03-29T01:00:00Z")), hours(2));
    EXPECT_EQ(zone.offset_at(at("2026-10-25T00:59:59Z")), hours(2));
    EXPECT_EQ(zone.offset_at(at("2026-10-25T01:00:00Z")), hours(1));
    EXPECT_EQ(zone.offset_at(at("2126-07-01T00:00:00Z")), hours(2));
}

TEST(Zone, LocalTimeGoesBackToUtc) {
    const Zone zone = berlin_zone();
    const auto there_and_back = [&](std::string_view text) {
        return format_rfc3339(zone.to_utc(zone.to_local(at(text))), zone);
    };
    EXPECT_EQ(there_and_back("2026-07-01T12:00:00Z"), "2026-07-01T14:00:00+02:00");
    EXPECT_EQ(there_and_back("2026-01-01T12:00:00Z"), "2026-01-01T13:00:00+01:00");
    // 02:30 comes twice on 25 October: the first is meant.
    const LocalTime twice(at("2026-10-25T02:30:00Z").time_since_epoch());
    EXPECT_EQ(format_rfc3339(zone.to_utc(twice)), "2026-10-25T00:30:00Z");
    // 02:30 is not there on 29 March: half an hour after the jump.
    const LocalTime never(at("2026-03-29T02:30:00Z").time_since_epoch());
    EXPECT_EQ(format_rfc3339(zone.to_utc(never), zone), "2026-03-29T03:30:00+02:00");
}

TEST(Zone, TextsCarryTheOffset) {
    EXPECT_EQ(format_rfc3339(at("2026-11-09T10:00:00Z"), Zone::shanghai()), "2026-11-09T18:00:00+08:00");
    EXPECT_EQ(format_rfc3339(at("2026-11-09T10:00:00Z"), *Zone::load("-03:30")), "2026-11-09T06:30:00-03:30");
    EXPECT_EQ(format_rfc3339(at("2026-11-09T10:00:00.250Z"), Zone()), "2026-11-09T10:00:00.250+00:00");
}

TEST(ZoneTail, ReadsEveryForm) {
    struct Case {
        std::string_view text;
        std::string_view instant;
        int minutes;
    };
    const Case cases[] = {
        {"CST-8", "2026-07-01T00:00:00Z", 480},
        {"<+0530>-5:30", "2026-07-01T00:00:00Z", 330},
        {"<-03>3", "2026-07-01T00:00:00Z", -180},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-07-01T00:00:00Z", -240},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -300},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z", -240},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 660}, // daylight over the new year
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 600},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 660},
        {"IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59Z", 120}, // Friday 02:00, as Thursday 26 o'clock
        {"IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 180},
        {"XXX0YYY,J60/0,J61/0", "2024-03-01T00:00:00Z", 60}, // J60 is the 1st of March, leap year or not
        {"XXX0YYY,J60/0,J61/0", "2024-02-29T12:00:00Z", 0},
        {"XXX0YYY,59/0,60/0", "2024-02-29T12:00:00Z", 60}, // day 59 from 0: 29 February 2024
    };
    for (const auto& test : cases) {
        const auto tail = read_zone_tail(test.text);
        ASSERT_TRUE(tail) << test.text;
        EXPECT_EQ(
            tail->offset_at(std::chrono::floor<seconds>(at(test.instant)).time_since_epoch()),
            minutes(test.minutes)
        ) << test.text
          << " at " << test.instant;
    }
    for (const std::string_view bad :
         {"",
          "C",
          "CET",
          "CET-",
          "CET-25",
          "CET-1CEST",
          "CET-1CEST,M3.5.0",
          "CET-1CEST,M13.5.0,M10.5.0",
          "CET-1CEST,M3.0.0,M10.5.0",
          "CET-1CEST,M3.5.7,M10.5.0",
          "CET-1CEST,J0,J366",
          "CET-1CEST,M3.5.0,M10.5.0x",
          "CET-1CEST,M3.5.0/168,M10.5.0",
          "<CET-1"}) {
        EXPECT_FALSE(read_zone_tail(bad)) << bad;
    }
}

TEST(ZoneFile, IsNotTrusted) {
    const std::string good = berlin();
    ASSERT_TRUE(read_tzif(good).has_value());
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(read_tzif(std::string_view(good).substr(0, size)).has_value()) << size;
    }
    const auto broken = [&](const std::string& second, std::string_view footer) {
        return !read_tzif(block(4, {}, {{0}}) + second + std::string(footer)).has_value();
    };
    EXPECT_FALSE(broken(block(8, {}, {{0}}), "\n\n")); // an empty footer says nothing of later
    EXPECT_TRUE(broken(block(8, {}, {{0}}), "\nnonsense\n"));
    EXPECT_TRUE(broken(block(8, {{5, 0}, {5, 0}}, {{0}}), "\n\n"));         // not in order
    EXPECT_TRUE(broken(block(8, {{5, 1}}, {{0}}), "\n\n"));                 // of no known type
    EXPECT_TRUE(broken(block(8, {}, {{std::int64_t{27} * 3600}}), "\n\n")); // more than a day
    std::string huge = block(8, {}, {{0}});
    huge.replace(32, 4, "\x7f\xff\xff\xff");
    EXPECT_TRUE(broken(huge, "\n\n"));
    EXPECT_FALSE(read_tzif(std::string(44, 'x')).has_value());
}

TEST(ZoneFile, VersionOneHasFourByteTimes) {
    std::string first = block(4, {{1'000'000'000, 1}}, {{0}, {7200}});
    first[4] = '\0';
    const auto zone = Zone::parse("Old", first);
    ASSERT_TRUE(zone.has_value());
    EXPECT_EQ(zone->offset_at(at("2000-01-01T00:00:00Z")), seconds(0));
    EXPECT_EQ(zone->offset_at(at("2026-01-01T00:00:00Z")), hours(2));
}

TEST(ZoneFile, TheOnesOfThisSystemAreRead) {
    const std::filesystem::path folder = "/usr/share/zoneinfo";
    if (!std::filesystem::exists(folder / "Europe/Berlin")) {
        GTEST_SKIP() << "no tzdata here";
    }
    EXPECT_EQ(Zone::load("Europe/Berlin", folder)->offset_at(at("2026-07-01T00:00:00Z")), hours(2));
    EXPECT_EQ(
        Zone::load("Asia/Shanghai", folder)->offset_at(at("1988-07-01T00:00:00Z")), hours(9)
    ); // it had daylight time
    EXPECT_EQ(Zone::load("Asia/Shanghai", folder)->offset_at(at("2060-07-01T00:00:00Z")), hours(8));
    EXPECT_EQ(Zone::load("America/New_York", folder)->offset_at(at("2060-07-01T00:00:00Z")), hours(-4));
}

} // namespace
} // namespace fengsui::base
