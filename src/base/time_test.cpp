#include "base/time.h"

#include <gtest/gtest.h>

namespace fengsui::base {
namespace {

using std::chrono::minutes;

TEST(Time, ReadsRfc3339WithOffsets) {
    EXPECT_EQ(format_rfc3339(parse_rfc3339("2026-11-24T16:00:00+08:00").value()), "2026-11-24T08:00:00Z");
    EXPECT_EQ(format_rfc3339(parse_rfc3339("2026-11-24t16:00:00.25z").value()), "2026-11-24T16:00:00.250Z");
    EXPECT_EQ(format_rfc3339(parse_rfc3339("2024-02-29T23:59:60-01:30").value()), "2024-03-01T01:30:00Z");
}

TEST(Time, RefusesWhatIsNoTime) {
    for (const char* text :
         {"",
          "2026-11-24",
          "2026-13-01T00:00:00Z",
          "2026-02-30T00:00:00Z",
          "2026-11-24T24:00:00Z",
          "2026-11-24T16:00:00",
          "2026-11-24T16:00:00Zx",
          "2026-11-24T16:00:00+8:00"}) {
        EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
    }
}

TEST(Time, ReadsDatesAsSpreadsheetsWriteThem) {
    EXPECT_EQ(format_date(parse_date("2026/1/4").value()), "2026-01-04");
    EXPECT_FALSE(parse_date("2026-02-29").has_value());
    EXPECT_FALSE(parse_date("24.11.2026").has_value());
}

TEST(Time, KnowsTheDayOfAnInstantAtAnOffset) {
    const auto at = parse_rfc3339("2026-11-24T16:30:00Z").value();
    EXPECT_EQ(format_date(date_of(at, minutes(480))), "2026-11-25");
    EXPECT_EQ(
        format_rfc3339(start_of(parse_date("2026-11-25").value(), minutes(480))), "2026-11-24T16:00:00Z"
    );
}

TEST(Time, ReadsTheThreeHttpDates) {
    const auto expected = parse_rfc3339("1994-11-06T08:49:37Z").value();
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").value(), expected);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT").value(), expected);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994").value(), expected);
    EXPECT_EQ(format_http_date(expected), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_FALSE(parse_http_date("120").has_value());
    EXPECT_FALSE(parse_http_date("").has_value());
}

} // namespace
} // namespace fengsui::base
