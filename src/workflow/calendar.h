// Working days and due dates (contracts.md 6.3 "calendar"). Pure: handed the instant, never asks a clock.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "base/zone.h"
#include "workflow/fault.h"

#include <set>

namespace fengsui::workflow {

/// An authority's working days. The default one is Monday to Friday, close 18:00, Asia/Shanghai.
struct Calendar {
    std::string unit;
    std::set<base::Date> off;
    std::set<base::Date> workdays; ///< make-up days: they beat `off`, which beats Monday to Friday
    std::chrono::minutes close{std::chrono::hours(18)};
    base::Zone zone = base::Zone::shanghai();

    [[nodiscard]] bool is_working_day(base::Date date) const;
    /// The date `at` falls on in the calendar's zone.
    [[nodiscard]] base::Date date_of(base::Instant at) const;
    /// {unit?, off, workdays, close, zone}
    [[nodiscard]] base::Json to_json() const;
};

struct ParsedCalendar {
    Calendar calendar;
    Faults faults; ///< empty: the calendar holds
};
/// Reads off[], workdays[], close, zone and unit; all may be left out, other members are not looked at.
ParsedCalendar parse_calendar(const base::Json& json);

/// A length of time as ISO 8601 writes it, or `PnWD`: so many working days.
struct Period {
    int working_days = 0; ///< alone when not zero
    int months = 0;       ///< years count as 12
    int days = 0;         ///< of the calendar: they keep the local time of day
    std::chrono::seconds clock{0};

    [[nodiscard]] bool is_workday() const { return working_days != 0; }
    bool operator==(const Period&) const = default;
};
/// `PT24H`, `PT30M`, `P5WD`, `P30D`, `P1M`, `P2W`, `P1DT2H`; at most 9999 of each, not all zero.
base::Result<Period> parse_period(std::string_view text);
std::string to_text(const Period& period);

/// `start` plus `period`. PnWD: the day of start never counts, due at close of business of the n-th working
/// day.
base::Instant add_period(base::Instant start, const Period& period, const Calendar& calendar);
/// The other way; PnWD: the close of business of the n-th working day before.
base::Instant subtract_period(base::Instant end, const Period& period, const Calendar& calendar);

/// Working days after the date of `due`, up to and including that of `at`; 0 when met.
std::int64_t working_days_late(base::Instant due, base::Instant at, const Calendar& calendar);
/// Working days from `from` to `to`, the day of start not counted; 0 when `to` is not later.
std::int64_t working_days_between(base::Instant from, base::Instant to, const Calendar& calendar);
/// Begun minutes after `due`; 0 up to and including it.
std::int64_t minutes_late(base::Instant due, base::Instant at);

} // namespace fengsui::workflow
