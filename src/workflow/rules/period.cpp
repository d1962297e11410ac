#include "base/text.h"
#include "workflow/calendar.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

constexpr int kMaxCount = 9999;

base::Error bad_period(std::string_view text) {
    return {
        base::ErrorCode::invalid_argument,
        fmt::format(
            "\"{}\" is not a period; write it like PT24H, P30D, P1M, or P5WD for working days",
            base::shorten(base::scrub_utf8(text), 40)
        )};
}

/// Reads `n` and its unit from the front; false at the end or when there is none.
bool take_count(std::string_view& text, int& count) {
    std::size_t digits = 0;
    count = 0;
    while (digits < text.size() && base::is_digit(text[digits]) && count <= kMaxCount) {
        count = count * 10 + (text[digits] - '0');
        ++digits;
    }
    text.remove_prefix(digits);
    return digits > 0 && count <= kMaxCount && !text.empty();
}

/// The units in the order ISO 8601 demands; `rank` grows, so none comes twice or out of order.
bool add_date_part(Period& period, char unit, int count, int& rank) {
    constexpr std::string_view kOrder = "YMWD";
    const auto place = kOrder.find(unit);
    if (place == std::string_view::npos || static_cast<int>(place) < rank) {
        return false;
    }
    rank = static_cast<int>(place) + 1;
    switch (unit) {
    case 'Y':
        period.months += 12 * count;
        break;
    case 'M':
        period.months += count;
        break;
    case 'W':
        period.days += 7 * count;
        break;
    default:
        period.days += count;
        break;
    }
    return true;
}

bool add_clock_part(Period& period, char unit, int count, int& rank) {
    constexpr std::string_view kOrder = "HMS";
    const auto place = kOrder.find(unit);
    if (place == std::string_view::npos || static_cast<int>(place) < rank) {
        return false;
    }
    rank = static_cast<int>(place) + 1;
    const int seconds = unit == 'H' ? 3600 : unit == 'M' ? 60 : 1;
    period.clock += std::chrono::seconds(std::int64_t{count} * seconds);
    return true;
}

bool scan_parts(std::string_view text, Period& period) {
    bool in_clock = false;
    int rank = 0;
    while (!text.empty()) {
        if (!in_clock && text.front() == 'T') {
            in_clock = true;
            rank = 0;
            text.remove_prefix(1);
            if (text.empty()) {
                return false;
            }
        }
        int count = 0;
        if (!take_count(text, count)) {
            return false;
        }
        const char unit = text.front();
        text.remove_prefix(1);
        if (!(in_clock ? add_clock_part(period, unit, count, rank) : add_date_part(period, unit, count, rank)
            )) {
            return false;
        }
    }
    return true;
}

} // namespace

base::Result<Period> parse_period(std::string_view text) {
    Period period;
    if (text.size() > 40 || !text.starts_with('P')) {
        return bad_period(text);
    }
    std::string_view rest = text.substr(1);
    if (rest.ends_with("WD")) {
        const bool good = take_count(rest, period.working_days) && rest == "WD" && period.working_days > 0;
        return good ? base::Result<Period>(period) : bad_period(text);
    }
    if (!scan_parts(rest, period) || period == Period{}) {
        return bad_period(text);
    }
    return period;
}

std::string to_text(const Period& period) {
    if (period.is_workday()) {
        return fmt::format("P{}WD", period.working_days);
    }
    std::string text = "P";
    if (period.months != 0) {
        text += fmt::format("{}M", period.months);
    }
    if (period.days != 0) {
        text += fmt::format("{}D", period.days);
    }
    const std::chrono::hh_mm_ss clock(period.clock);
    if (period.clock.count() != 0 || text.size() == 1) {
        text += "T";
        text += clock.hours().count() != 0 ? fmt::format("{}H", clock.hours().count()) : "";
        text += clock.minutes().count() != 0 ? fmt::format("{}M", clock.minutes().count()) : "";
        text += clock.seconds().count() != 0 || text.ends_with('T')
                    ? fmt::format("{}S", clock.seconds().count())
                    : "";
    }
    return text;
}

} // namespace fengsui::workflow
