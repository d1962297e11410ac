#include "workflow/calendar.h"

#include <gtest/gtest.h>

namespace fengsui::workflow {
namespace {

using base::Instant;

Instant at(std::string_view text) {
    return base::parse_rfc3339(text).or_throw();
}
base::Date date(std::string_view text) {
    return base::parse_date(text).or_throw();
}

Calendar calendar_of(std::string_view yaml) {
    auto parsed = parse_calendar(base::parse_yaml(yaml).or_throw());
    EXPECT_EQ(to_text(parsed.faults), "");
    return parsed.calendar;
}

std::string after(std::string_view start, std::string_view period, const Calendar& calendar = {}) {
    return base::format_rfc3339(
        add_period(at(start), parse_period(period).or_throw(), calendar), calendar.zone
    );
}
std::string before(std::string_view end, std::string_view period, const Calendar& calendar = {}) {
    return base::format_rfc3339(
        subtract_period(at(end), parse_period(period).or_throw(), calendar), calendar.zone
    );
}

TEST(Period, IsRead) {
    struct Case {
        std::string_view text;
        Period period;
        std::string_view back;
    };
    using std::chrono::hours;
    using std::chrono::seconds;
    const Case cases[] = {
        {"PT24H", {0, 0, 0, hours(24)}, "PT24H"},
        {"PT30M", {0, 0, 0, seconds(1800)}, "PT30M"},
        {"PT72H", {0, 0, 0, hours(72)}, "PT72H"},
        {"P5WD", {5, 0, 0, seconds(0)}, "P5WD"},
        {"P30D", {0, 0, 30, seconds(0)}, "P30D"},
        {"P1M", {0, 1, 0, seconds(0)}, "P1M"},
        {"P1Y2M", {0, 14, 0, seconds(0)}, "P14M"},
        {"P2W", {0, 0, 14, seconds(0)}, "P14D"},
        {"P1DT2H", {0, 0, 1, hours(2)}, "P1DT2H"},
        {"PT1H1M1S", {0, 0, 0, seconds(3661)}, "PT1H1M1S"},
    };
    for (const auto& test : cases) {
        const auto period = parse_period(test.text);
        ASSERT_TRUE(period.has_value()) << test.text;
        EXPECT_EQ(*period, test.period) << test.text;
        EXPECT_EQ(to_text(*period), test.back);
    }
    EXPECT_TRUE(parse_period("P5WD")->is_workday());
    EXPECT_FALSE(parse_period("P5W")->is_workday());
}

TEST(Period, WhatIsNoneIsNamed) {
    for (const std::string_view bad : {"",         "P",
                                       "PT",       "T5H",
                                       "5D",       "P5",
                                       "PT5",      "PT5D",
                                       "P5H",      "P0D",
                                       "P0WD",     "PWD",
                                       "P-5D",     "P5WD2D",
                                       "P5WDT1H",  "P2WD3WD",
                                       "P1D1M",    "P1D1D",
                                       "PT1M1H",   "P1DT",
                                       "P99999D",  "P99999999999999999999D",
                                       "P10000WD", "p5d",
                                       "P5D ",     "P1.5D",
                                       "P1M1Y",    "\xffP1D"}) {
        const auto period = parse_period(bad);
        ASSERT_FALSE(period.has_value()) << bad;
        EXPECT_NE(period.error().message().find("is not a period; write it like"), std::string::npos) << bad;
    }
}

TEST(Calendar, DefaultIsMondayToFriday) {
    const Calendar calendar;
    EXPECT_TRUE(calendar.is_working_day(date("2026-11-02")));
    EXPECT_TRUE(calendar.is_working_day(date("2026-11-06")));
    EXPECT_FALSE(calendar.is_working_day(date("2026-11-07")));
    EXPECT_FALSE(calendar.is_working_day(date("2026-11-08")));
    EXPECT_TRUE(calendar.is_working_day(date("2026-10-01"))); // no holiday that nobody entered
}

TEST(Calendar, WorkingDaysEndAtCloseOfBusiness) {
    EXPECT_EQ(after("2026-11-02T10:00:00+08:00", "P5WD"), "2026-11-09T18:00:00+08:00");
    EXPECT_EQ(after("2026-11-06T17:00:00+08:00", "P5WD"), "2026-11-13T18:00:00+08:00");
    EXPECT_EQ(after("2026-11-02T23:59:00+08:00", "P1WD"), "2026-11-03T18:00:00+08:00");
    EXPECT_EQ(after("2026-11-02T00:00:00+08:00", "P1WD"), "2026-11-03T18:00:00+08:00");
    EXPECT_EQ(after("2026-11-07T10:00:00+08:00", "P1WD"), "2026-11-09T18:00:00+08:00"); // from a Saturday
    EXPECT_EQ(after("2026-12-30T10:00:00+08:00", "P3WD"), "2027-01-04T18:00:00+08:00"); // over the new year
    // 17:00 UTC is the next day in Shanghai: that day does not count.
    EXPECT_EQ(after("2026-11-02T17:00:00Z", "P1WD"), "2026-11-04T18:00:00+08:00");
}

TEST(Calendar, HolidaysAreSkippedAndMakeUpDaysCount) {
    const Calendar calendar = calendar_of(R"(
off: ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07", "2026-10-10"]
workdays: ["2026-10-10", "2026-09-27"]
close: "17:30"
)");
    EXPECT_TRUE(calendar.is_working_day(date("2026-10-10"))); // a make-up day beats off and Saturday
    EXPECT_FALSE(calendar.is_working_day(date("2026-10-07")));
    EXPECT_EQ(after("2026-09-30T09:00:00+08:00", "P1WD", calendar), "2026-10-08T17:30:00+08:00");
    EXPECT_EQ(after("2026-09-30T09:00:00+08:00", "P3WD", calendar), "2026-10-10T17:30:00+08:00");
    EXPECT_EQ(after("2026-09-30T09:00:00+08:00", "P4WD", calendar), "2026-10-12T17:30:00+08:00");
    EXPECT_EQ(after("2026-09-26T09:00:00+08:00", "P1WD", calendar), "2026-09-27T17:30:00+08:00");
    EXPECT_EQ(before("2026-10-08T17:30:00+08:00", "P1WD", calendar), "2026-09-30T17:30:00+08:00");
}

TEST(Calendar, DaysAndMonthsKeepTheTimeOfDay) {
    EXPECT_EQ(after("2026-11-06T17:00:00+08:00", "P30D"), "2026-12-06T17:00:00+08:00");
    EXPECT_EQ(after("2026-11-06T17:00:00+08:00", "P1M"), "2026-12-06T17:00:00+08:00");
    EXPECT_EQ(after("2026-01-31T08:00:00+08:00", "P1M"), "2026-02-28T08:00:00+08:00");
    EXPECT_EQ(after("2028-01-31T08:00:00+08:00", "P1M"), "2028-02-29T08:00:00+08:00");
    EXPECT_EQ(after("2026-12-31T08:00:00+08:00", "P2M"), "2027-02-28T08:00:00+08:00");
    EXPECT_EQ(after("2028-02-29T08:00:00+08:00", "P1Y"), "2029-02-28T08:00:00+08:00");
    EXPECT_EQ(after("2026-11-06T17:00:00+08:00", "P1DT2H"), "2026-11-07T19:00:00+08:00");
    EXPECT_EQ(before("2026-11-09T18:00:00+08:00", "P3D"), "2026-11-06T18:00:00+08:00");
    EXPECT_EQ(before("2026-03-31T18:00:00+08:00", "P1M"), "2026-02-28T18:00:00+08:00");
}

TEST(Calendar, ClockPeriodsAreExact) {
    EXPECT_EQ(after("2026-11-02T10:00:00+08:00", "PT24H"), "2026-11-03T10:00:00+08:00");
    EXPECT_EQ(after("2026-11-02T09:50:00+08:00", "PT30M"), "2026-11-02T10:20:00+08:00");
    EXPECT_EQ(before("2026-11-09T18:00:00+08:00", "PT4H"), "2026-11-09T14:00:00+08:00");
}

TEST(Calendar, DaylightTimeIsKept) {
    const auto zone = base::Zone::load("Europe/Berlin");
    if (!zone) {
        GTEST_SKIP() << "no tzdata here";
    }
    Calendar calendar;
    calendar.zone = *zone;
    // Daylight time begins on Sunday 29 March 2026 at 02:00.
    EXPECT_EQ(after("2026-03-28T12:00:00+01:00", "P1D", calendar), "2026-03-29T12:00:00+02:00");
    EXPECT_EQ(after("2026-03-28T12:00:00+01:00", "PT24H", calendar), "2026-03-29T13:00:00+02:00");
    EXPECT_EQ(after("2026-03-27T12:00:00+01:00", "P1WD", calendar), "2026-03-30T18:00:00+02:00");
    EXPECT_EQ(
        after("2026-03-28T02:30:00+01:00", "P1D", calendar), "2026-03-29T03:30:00+02:00"
    ); // 02:30 is not there
    EXPECT_EQ(
        after("2026-10-24T02:30:00+02:00", "P1D", calendar), "2026-10-25T02:30:00+02:00"
    ); // the first of two
}

TEST(Calendar, LatenessIsCountedInWorkingDays) {
    const Calendar calendar;
    const Instant due = at("2026-11-09T18:00:00+08:00"); // a Monday
    EXPECT_EQ(working_days_late(due, at("2026-11-09T18:00:00+08:00"), calendar), 0);
    EXPECT_EQ(working_days_late(due, at("2026-11-09T23:00:00+08:00"), calendar), 0);
    EXPECT_EQ(working_days_late(due, at("2026-11-10T08:00:00+08:00"), calendar), 1);
    EXPECT_EQ(working_days_late(due, at("2026-11-13T08:00:00+08:00"), calendar), 4);
    EXPECT_EQ(
        working_days_late(due, at("2026-11-15T08:00:00+08:00"), calendar), 4
    ); // the weekend adds nothing
    EXPECT_EQ(working_days_late(due, at("2026-11-16T08:00:00+08:00"), calendar), 5);
    EXPECT_EQ(working_days_late(due, at("2026-11-01T08:00:00+08:00"), calendar), 0);
    EXPECT_EQ(minutes_late(at("2026-11-02T10:00:00+08:00"), at("2026-11-02T10:05:00+08:00")), 5);
    EXPECT_EQ(minutes_late(at("2026-11-02T10:00:00+08:00"), at("2026-11-02T10:00:00+08:00")), 0);
    EXPECT_EQ(minutes_late(at("2026-11-02T10:00:00+08:00"), at("2026-11-02T10:00:01+08:00")), 1);
}

TEST(Calendar, WorkingDaysBetween) {
    const Calendar calendar;
    EXPECT_EQ(
        working_days_between(at("2026-11-02T10:00:00+08:00"), at("2026-11-05T15:00:00+08:00"), calendar), 3
    );
    EXPECT_EQ(
        working_days_between(at("2026-11-02T10:00:00+08:00"), at("2026-11-02T15:00:00+08:00"), calendar), 0
    );
    EXPECT_EQ(
        working_days_between(at("2026-11-05T15:00:00+08:00"), at("2026-11-02T10:00:00+08:00"), calendar), 0
    );
}

TEST(Calendar, CountingAgreesWithWalking) {
    const Calendar calendar = calendar_of(R"(
off: ["2026-10-01", "2026-10-02", "2026-10-03", "1969-12-30"]
workdays: ["2026-10-02", "2026-10-03", "2026-10-04", "1970-01-03"]
)");
    for (const std::string_view first : {"1969-12-20", "2026-09-25"}) {
        const std::chrono::sys_days start(date(first));
        std::int64_t walked = 0;
        for (int i = 1; i <= 30; ++i) {
            const auto day = start + std::chrono::days(i);
            walked += calendar.is_working_day(base::Date(day)) ? 1 : 0;
            EXPECT_EQ(working_days_between(Instant(start), Instant(day), calendar), walked)
                << first << " +" << i;
        }
    }
}

TEST(Calendar, GivesBackTheFormItWasReadFrom) {
    const auto json = base::parse_yaml(R"(
unit: d1
off: ["2026-10-01"]
workdays: ["2026-10-10"]
close: "09:05"
zone: "+05:30"
)")
                          .or_throw();
    EXPECT_EQ(parse_calendar(json).calendar.to_json(), json);
}

TEST(Calendar, NamesWhatIsWrong) {
    struct Case {
        std::string_view yaml;
        std::string_view fault;
    };
    const Case cases[] = {
        {"[]", "calendar: write an object"},
        {"{off: text}", "off: write a list"},
        {"{off: [\"2026-02-30\"]}", "off[0]: write a date"},
        {"{workdays: [\"2026-01-01\", 7]}", "workdays[1]: write a date"},
        {"{close: \"24:00\"}", "close: write a time of day like 18:00"},
        {"{close: \"18:60\"}", "close: write a time of day like 18:00"},
        {"{close: \"9:00\"}", "close: write a time of day like 18:00"},
        {"{close: 18}", "close: write a time of day like 18:00"},
        {"{zone: Nowhere/City}", "zone: unknown time zone \"Nowhere/City\""},
        {"{zone: ../../etc/passwd}", "zone: unknown time zone"},
        {"{zone: 8}", "zone: unknown time zone"},
    };
    for (const auto& test : cases) {
        const auto told = to_text(parse_calendar(base::parse_yaml(test.yaml).or_throw()).faults);
        EXPECT_EQ(told.substr(0, test.fault.size()), test.fault) << test.yaml;
    }
}

} // namespace
} // namespace fengsui::workflow
