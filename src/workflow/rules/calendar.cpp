#include "workflow/calendar.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

namespace {

using base::Date;
using base::Instant;
using base::Json;
using std::chrono::days;
using std::chrono::sys_days;

constexpr std::size_t kMaxDates = 5000;

bool is_weekday(Date date) {
    return std::chrono::weekday(sys_days(date)).iso_encoding() <= 5;
}

Instant close_of(Date date, const Calendar& calendar) {
    const base::LocalTime local(sys_days(date).time_since_epoch() + calendar.close);
    return calendar.zone.to_utc(local);
}

/// The n-th working day after (or, with a step of -1, before) `date`. Ends: the lists of exceptions are
/// finite.
Date step_working_days(Date date, int count, int step, const Calendar& calendar) {
    sys_days day(date);
    while (count > 0) {
        day += days(step);
        if (calendar.is_working_day(Date(day))) {
            --count;
        }
    }
    return Date(day);
}

/// Mondays to Fridays from the beginning of time up to and including that day.
std::int64_t weekdays_until(sys_days day) {
    const std::int64_t since_monday = day.time_since_epoch().count() + 3; // 1970-01-01 was a Thursday
    const std::int64_t weeks = since_monday >= 0 ? since_monday / 7 : (since_monday - 6) / 7;
    return weeks * 5 + std::min<std::int64_t>(since_monday - weeks * 7 + 1, 5);
}

/// Working days in (after, until], without walking them one by one.
std::int64_t count_working_days(Date after, Date until, const Calendar& calendar) {
    if (sys_days(until) <= sys_days(after)) {
        return 0;
    }
    std::int64_t count = weekdays_until(sys_days(until)) - weekdays_until(sys_days(after));
    const auto is_inside = [&](Date date) {
        return date > after && date <= until;
    };
    for (const Date date : calendar.off) {
        count -= is_inside(date) && is_weekday(date) ? 1 : 0;
    }
    for (const Date date : calendar.workdays) { // those in `off` or at a weekend were not counted
        count += is_inside(date) && (!is_weekday(date) || calendar.off.contains(date)) ? 1 : 0;
    }
    return count;
}

Instant shift(Instant start, const Period& period, int sign, const Calendar& calendar) {
    if (period.months == 0 && period.days == 0) {
        return start + sign * period.clock;
    }
    const base::LocalTime local = calendar.zone.to_local(start);
    const auto local_day = std::chrono::floor<days>(local);
    Date date{local_day};
    date += std::chrono::months(sign * period.months);
    if (!date.ok()) { // the 31st of a shorter month: its last day
        date = Date(date.year() / date.month() / std::chrono::last);
    }
    const sys_days day = sys_days(date) + days(sign * period.days);
    const base::LocalTime moved(day.time_since_epoch() + (local - local_day));
    return calendar.zone.to_utc(moved) + sign * period.clock;
}

class CalendarReader {
public:
    explicit CalendarReader(const Json& json) : json_(json) {}

    ParsedCalendar read() {
        if (!json_.is_object()) {
            fault("calendar", "write an object with off, workdays, close and zone");
            return std::move(out_);
        }
        out_.calendar.unit = json_["unit"].as_string();
        read_dates("off", out_.calendar.off);
        read_dates("workdays", out_.calendar.workdays);
        read_close();
        read_zone();
        return std::move(out_);
    }

private:
    void fault(std::string where, std::string message) {
        out_.faults.push_back({std::move(where), std::move(message)});
    }
    void read_dates(std::string_view field, std::set<Date>& dates) {
        const Json& list = json_[field];
        if (list.is_null()) {
            return;
        }
        if (!list.is_array() || list.items().size() > kMaxDates) {
            fault(std::string(field), fmt::format("write a list of at most {} dates", kMaxDates));
            return;
        }
        for (std::size_t i = 0; i < list.items().size(); ++i) {
            const auto date = base::parse_date(list.items()[i].as_string());
            if (!date) {
                fault(fmt::format("{}[{}]", field, i), "write a date like 2026-10-01");
            } else {
                dates.insert(*date);
            }
        }
    }
    void read_close() {
        const Json& close = json_["close"];
        if (close.is_null()) {
            return;
        }
        const std::string& text = close.as_string();
        const bool form = text.size() == 5 && text[2] == ':' && base::is_digit(text[0])
                          && base::is_digit(text[1]) && base::is_digit(text[3]) && base::is_digit(text[4]);
        const int hour = form ? (text[0] - '0') * 10 + (text[1] - '0') : 24;
        const int minute = form ? (text[3] - '0') * 10 + (text[4] - '0') : 0;
        if (hour > 23 || minute > 59) {
            fault("close", "write a time of day like 18:00");
            return;
        }
        out_.calendar.close = std::chrono::minutes(hour * 60 + minute);
    }
    void read_zone() {
        const Json& name = json_["zone"];
        if (name.is_null()) {
            return;
        }
        const auto zone = base::Zone::load(name.as_string());
        if (!zone) {
            fault("zone", zone.error().message());
            return;
        }
        out_.calendar.zone = *zone;
    }

    const Json& json_;
    ParsedCalendar out_;
};

Json texts_of(const std::set<Date>& dates) {
    Json list = Json::array();
    for (const Date date : dates) {
        list.push(base::format_date(date));
    }
    return list;
}

} // namespace

bool Calendar::is_working_day(Date date) const {
    return workdays.contains(date) || (!off.contains(date) && is_weekday(date));
}

Date Calendar::date_of(Instant at) const {
    return Date(std::chrono::floor<days>(zone.to_local(at)));
}

Json Calendar::to_json() const {
    Json json = Json::object();
    if (!unit.empty()) {
        json.set("unit", unit);
    }
    json.set("off", texts_of(off));
    json.set("workdays", texts_of(workdays));
    json.set("close", fmt::format("{:02}:{:02}", close.count() / 60, close.count() % 60));
    json.set("zone", zone.name());
    return json;
}

ParsedCalendar parse_calendar(const Json& json) {
    return CalendarReader(json).read();
}

Instant add_period(Instant start, const Period& period, const Calendar& calendar) {
    if (period.is_workday()) {
        return close_of(
            step_working_days(calendar.date_of(start), period.working_days, 1, calendar), calendar
        );
    }
    return shift(start, period, 1, calendar);
}

Instant subtract_period(Instant end, const Period& period, const Calendar& calendar) {
    if (period.is_workday()) {
        return close_of(
            step_working_days(calendar.date_of(end), period.working_days, -1, calendar), calendar
        );
    }
    return shift(end, period, -1, calendar);
}

std::int64_t working_days_late(Instant due, Instant at, const Calendar& calendar) {
    return at <= due ? 0 : count_working_days(calendar.date_of(due), calendar.date_of(at), calendar);
}

std::int64_t working_days_between(Instant from, Instant to, const Calendar& calendar) {
    return to <= from ? 0 : count_working_days(calendar.date_of(from), calendar.date_of(to), calendar);
}

std::int64_t minutes_late(Instant due, Instant at) {
    return at <= due ? 0 : std::chrono::ceil<std::chrono::minutes>(at - due).count();
}

} // namespace fengsui::workflow
