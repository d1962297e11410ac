#include "base/time.h"

#include "base/text.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace fengsui::base {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Reads a text from left to right; every read says whether it succeeded.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    bool number(int& value, std::size_t min_digits, std::size_t max_digits) {
        std::size_t n = 0;
        value = 0;
        while (n < max_digits && n < text_.size() && is_digit(text_[n])) {
            value = value * 10 + (text_[n] - '0');
            ++n;
        }
        text_.remove_prefix(n);
        return n >= min_digits;
    }
    bool any_of(std::string_view set, char& found) {
        if (text_.empty() || set.find(text_.front()) == std::string_view::npos) {
            return false;
        }
        found = text_.front();
        text_.remove_prefix(1);
        return true;
    }
    bool any_of(std::string_view set) {
        char ignored = 0;
        return any_of(set, ignored);
    }
    void spaces() {
        while (!text_.empty() && text_.front() == ' ') {
            text_.remove_prefix(1);
        }
    }
    bool month(int& value) {
        for (std::size_t i = 0; i < kMonths.size(); ++i) {
            if (iequals(text_.substr(0, 3), kMonths[i])) {
                value = static_cast<int>(i) + 1;
                text_.remove_prefix(3);
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool at_end() const { return text_.empty(); }
    [[nodiscard]] std::string_view rest() const { return text_; }

private:
    std::string_view text_;
};

std::optional<Date> make_date(int year, int month, int day) {
    const Date date{
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || year < 1 || year > 9999) {
        return std::nullopt;
    }
    return date;
}

struct Clock {
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millisecond = 0;
};

bool scan_clock(Scanner& in, Clock& clock) {
    return in.number(clock.hour, 2, 2) && in.any_of(":") && in.number(clock.minute, 2, 2) && in.any_of(":")
           && in.number(clock.second, 2, 2) && clock.hour <= 23 && clock.minute <= 59 && clock.second <= 60;
}

bool scan_fraction(Scanner& in, int& millisecond) {
    millisecond = 0;
    int scale = 100;
    int digit = 0;
    std::size_t count = 0;
    while (in.number(digit, 1, 1)) {
        millisecond += digit * scale;
        scale /= 10;
        ++count;
    }
    return count > 0;
}

bool scan_offset(Scanner& in, minutes& offset) {
    char sign = 0;
    if (in.any_of("Zz")) {
        offset = minutes(0);
        return true;
    }
    int h = 0;
    int m = 0;
    if (!in.any_of("+-", sign) || !in.number(h, 2, 2) || !in.any_of(":") || !in.number(m, 2, 2) || h > 23
        || m > 59) {
        return false;
    }
    offset = minutes(h * 60 + m) * (sign == '-' ? -1 : 1);
    return true;
}

Instant compose(Date date, const Clock& clock) {
    return Instant(sys_days(date)) + hours(clock.hour) + minutes(clock.minute) + seconds(clock.second)
           + milliseconds(clock.millisecond);
}

Error bad_time(std::string_view text) {
    return {
        ErrorCode::invalid_argument,
        fmt::format("\"{}\" is not an RFC 3339 time; write it like 2026-11-24T16:00:00+08:00", text)};
}

} // namespace

Instant now() {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

Result<Instant> parse_rfc3339(std::string_view text) {
    Scanner in(text);
    int year = 0;
    int month = 0;
    int day = 0;
    Clock clock;
    minutes offset{0};
    const bool head = in.number(year, 4, 4) && in.any_of("-") && in.number(month, 2, 2) && in.any_of("-")
                      && in.number(day, 2, 2) && in.any_of("Tt ") && scan_clock(in, clock);
    if (!head || (in.any_of(".") && !scan_fraction(in, clock.millisecond)) || !scan_offset(in, offset)
        || !in.at_end()) {
        return bad_time(text);
    }
    const auto date = make_date(year, month, day);
    if (!date) {
        return bad_time(text);
    }
    return compose(*date, clock) - offset;
}

std::string format_rfc3339(Instant at) {
    const auto day = std::chrono::floor<days>(at);
    const std::chrono::hh_mm_ss clock(at - day);
    const auto ms = clock.subseconds().count();
    std::string text = fmt::format(
        "{}T{:02}:{:02}:{:02}",
        format_date(Date(day)),
        clock.hours().count(),
        clock.minutes().count(),
        clock.seconds().count()
    );
    if (ms != 0) {
        text += fmt::format(".{:03}", ms);
    }
    return text + "Z";
}

Result<Date> parse_date(std::string_view text) {
    Scanner in(text);
    int year = 0;
    int month = 0;
    int day = 0;
    if (in.number(year, 4, 4) && in.any_of("-/") && in.number(month, 1, 2) && in.any_of("-/")
        && in.number(day, 1, 2) && in.at_end()) {
        if (const auto date = make_date(year, month, day)) {
            return *date;
        }
    }
    return Error(
        ErrorCode::invalid_argument, fmt::format("\"{}\" is not a date; write it like 2026-11-24", text)
    );
}

std::string format_date(Date date) {
    return fmt::format(
        "{:04}-{:02}-{:02}",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day())
    );
}

Instant start_of(Date date, minutes offset) {
    return Instant(sys_days(date)) - offset;
}

Date date_of(Instant at, minutes offset) {
    return Date(std::chrono::floor<days>(at + offset));
}

Result<Instant> parse_http_date(std::string_view text) {
    const Error bad(
        ErrorCode::invalid_argument, fmt::format("\"{}\" is not an HTTP date", text.substr(0, 64))
    );
    const auto comma = text.find(',');
    int year = 0;
    int month = 0;
    int day = 0;
    Clock clock;
    bool read = false;
    if (comma == std::string_view::npos) { // asctime: Sun Nov  6 08:49:37 1994
        Scanner in(text.size() > 3 ? text.substr(3) : std::string_view());
        in.spaces();
        read = in.month(month);
        in.spaces();
        read = read && in.number(day, 1, 2) && in.any_of(" ") && scan_clock(in, clock) && in.any_of(" ")
               && in.number(year, 4, 4);
    } else { // IMF-fixdate and RFC 850
        Scanner in(text.substr(comma + 1));
        in.spaces();
        read = in.number(day, 1, 2) && in.any_of(" -") && in.month(month) && in.any_of(" -")
               && in.number(year, 2, 4) && in.any_of(" ") && scan_clock(in, clock);
        year += year < 100 ? (year < 70 ? 2000 : 1900) : 0;
    }
    const auto date = read ? make_date(year, month, day) : std::nullopt;
    if (!date) {
        return bad;
    }
    return compose(*date, clock);
}

std::string format_http_date(Instant at) {
    const auto day = std::chrono::floor<days>(at);
    const Date date(day);
    const std::chrono::hh_mm_ss clock(at - day);
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        kWeekdays[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()),
        kMonths[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()),
        clock.hours().count(),
        clock.minutes().count(),
        clock.seconds().count()
    );
}

} // namespace fengsui::base
