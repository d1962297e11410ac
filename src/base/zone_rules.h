// What a zone's file says, read. Private to base/zone.
#pragma once

#include "base/zone.h"

#include <optional>
#include <vector>

namespace fengsui::base {

/// The day a daylight rule changes on: `M3.5.0/2`, `J60`, `59`.
struct ZoneRuleDay {
    enum class Kind { month_week_day, julian_without_leap, day_of_year };
    Kind kind = Kind::month_week_day;
    int month = 1;
    int week = 1; ///< 5: the last one
    int day = 0;
    std::chrono::seconds at{7200}; ///< local time of the change, -167 to 167 hours

    /// Local time of the change in that year, as seconds since 1970 on the wall.
    [[nodiscard]] std::chrono::seconds in_year(std::chrono::year year) const;
};

/// The rule for all times after the table: `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX TZ, RFC 9636 3.3.1).
struct ZoneTail {
    std::chrono::seconds standard{0};
    std::optional<std::chrono::seconds> daylight;
    ZoneRuleDay begins;
    ZoneRuleDay ends;

    [[nodiscard]] std::chrono::seconds offset_at(std::chrono::seconds at) const;
};

struct ZoneChange {
    std::chrono::seconds at; ///< since 1970, UTC
    std::chrono::seconds offset;
};

struct Zone::Rules {
    std::string name;
    std::chrono::seconds first{0}; ///< before the first change
    std::vector<ZoneChange> changes;
    std::optional<ZoneTail> tail;
};

/// Untrusted bytes of a TZif file.
Result<Zone::Rules> read_tzif(std::string_view bytes);
/// The TZ text in the footer; nothing when it is not one.
std::optional<ZoneTail> read_zone_tail(std::string_view text);

} // namespace fengsui::base
