// The rule after the table (POSIX TZ with the extensions of RFC 9636 3.3.1).
#include "base/text.h"
#include "base/zone_rules.h"

#include <algorithm>

namespace fengsui::base {

namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr std::size_t kMaxTail = 128;

/// Reads the text from left to right; every read says whether it succeeded.
class TailScanner {
public:
    explicit TailScanner(std::string_view text) : text_(text) {}

    bool letter(char c) {
        if (!text_.starts_with(c)) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool at_end() const { return text_.empty(); }
    [[nodiscard]] bool is_at(char c) const { return text_.starts_with(c); }

    /// `CET` or `<+03>`, at least three characters.
    bool abbreviation() {
        if (letter('<')) {
            const auto end = text_.find('>');
            if (end == std::string_view::npos || end < 3) {
                return false;
            }
            text_.remove_prefix(end + 1);
            return true;
        }
        std::size_t size = 0;
        while (size < text_.size() && is_alpha(text_[size])) {
            ++size;
        }
        text_.remove_prefix(size);
        return size >= 3;
    }
    bool number(int& value, int most) {
        std::size_t size = 0;
        value = 0;
        while (size < text_.size() && size < 3 && is_digit(text_[size])) {
            value = value * 10 + (text_[size] - '0');
            ++size;
        }
        text_.remove_prefix(size);
        return size > 0 && value <= most;
    }
    /// `[+-]hh[:mm[:ss]]`
    bool time(seconds& value, int most_hours) {
        const int sign = letter('-') ? -1 : 1;
        if (sign == 1) {
            letter('+');
        }
        int hour = 0;
        int minute = 0;
        int second = 0;
        if (!number(hour, most_hours) || (letter(':') && !number(minute, 59))
            || (letter(':') && !number(second, 59))) {
            return false;
        }
        value = sign * seconds(hour * 3600 + minute * 60 + second);
        return true;
    }
    bool day(ZoneRuleDay& rule) {
        bool good = false;
        if (letter('M')) {
            good = number(rule.month, 12) && rule.month >= 1 && letter('.') && number(rule.week, 5)
                   && rule.week >= 1 && letter('.') && number(rule.day, 6);
        } else if (letter('J')) {
            rule.kind = ZoneRuleDay::Kind::julian_without_leap;
            good = number(rule.day, 365) && rule.day >= 1;
        } else {
            rule.kind = ZoneRuleDay::Kind::day_of_year;
            good = number(rule.day, 365);
        }
        return good && (!letter('/') || time(rule.at, 167));
    }

private:
    std::string_view text_;
};

sys_days month_week_day(std::chrono::year year, const ZoneRuleDay& rule) {
    const std::chrono::month month(static_cast<unsigned>(rule.month));
    const std::chrono::weekday weekday(static_cast<unsigned>(rule.day));
    if (rule.week == 5) {
        return sys_days(year / month / weekday[std::chrono::last]);
    }
    return sys_days(year / month / weekday[static_cast<unsigned>(rule.week)]);
}

} // namespace

seconds ZoneRuleDay::in_year(std::chrono::year year) const {
    sys_days date = sys_days(year / 1 / 1) + days(day);
    if (kind == Kind::month_week_day) {
        date = month_week_day(year, *this);
    } else if (kind == Kind::julian_without_leap) { // day 60 is always the 1st of March
        date -= days(year.is_leap() && day >= 60 ? 0 : 1);
    }
    return date.time_since_epoch() + at;
}

seconds ZoneTail::offset_at(seconds at) const {
    if (!daylight) {
        return standard;
    }
    // A year further on would overflow std::chrono::year; rules that far ahead mean nothing.
    constexpr seconds kFarAhead = days(365 * 20'000);
    const sys_days day(std::chrono::floor<days>(std::clamp(at + standard, -kFarAhead, kFarAhead)));
    const auto year = std::chrono::year_month_day(day).year();
    const seconds begin = begins.in_year(year) - standard;
    const seconds end = ends.in_year(year) - *daylight;
    const bool is_daylight = begin < end ? (at >= begin && at < end) : (at >= begin || at < end);
    return is_daylight ? *daylight : standard;
}

std::optional<ZoneTail> read_zone_tail(std::string_view text) {
    ZoneTail tail;
    TailScanner in(text.substr(0, kMaxTail));
    seconds west{0};
    if (!in.abbreviation() || !in.time(west, 24)) {
        return std::nullopt;
    }
    tail.standard = -west;
    if (in.at_end()) {
        return tail;
    }
    if (!in.abbreviation()) {
        return std::nullopt;
    }
    west = -(tail.standard + std::chrono::hours(1));
    if (!in.is_at(',') && !in.time(west, 24)) {
        return std::nullopt;
    }
    tail.daylight = -west;
    const bool good =
        in.letter(',') && in.day(tail.begins) && in.letter(',') && in.day(tail.ends) && in.at_end();
    return good ? std::optional(tail) : std::nullopt;
}

} // namespace fengsui::base
