#include "template/go_time.h"

#include "base/text.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace fengsui::templates {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> kMonths = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"};
constexpr std::array<std::string_view, 7> kDays = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

enum class Part {
    year,
    year2,
    month,
    month1,
    month_name,
    month_short,
    day,
    day1,
    weekday,
    weekday_short,
    hour,
    hour12,
    hour12_1,
    minute,
    minute1,
    second,
    second1,
    half,
    zone_name,
    zone_colon,
    zone
};

struct Token {
    std::string_view text;
    Part part;
};

/// Longer ones first.
constexpr Token kTokens[] = {
    {"January", Part::month_name},
    {"Monday", Part::weekday},
    {"Z07:00", Part::zone_colon},
    {"-07:00", Part::zone_colon},
    {"-0700", Part::zone},
    {"Z0700", Part::zone},
    {"2006", Part::year},
    {"Jan", Part::month_short},
    {"Mon", Part::weekday_short},
    {"MST", Part::zone_name},
    {"01", Part::month},
    {"02", Part::day},
    {"15", Part::hour},
    {"03", Part::hour12},
    {"04", Part::minute},
    {"05", Part::second},
    {"06", Part::year2},
    {"PM", Part::half},
    {"1", Part::month1},
    {"2", Part::day1},
    {"3", Part::hour12_1},
    {"4", Part::minute1},
    {"5", Part::second1},
};

const Token* token_at(std::string_view layout, std::size_t at) {
    for (const auto& token : kTokens) {
        if (layout.substr(at).starts_with(token.text)) {
            return &token;
        }
    }
    return nullptr;
}

struct Civil {
    int year = 1970;
    unsigned month = 1;
    unsigned day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    unsigned weekday_index = 0;
    int offset_minutes = 0;
    bool is_afternoon = false;
};

Civil civil_of(std::int64_t seconds) {
    const sys_seconds at{std::chrono::seconds{seconds}};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss<std::chrono::seconds> time(at - day);
    Civil civil;
    civil.year = static_cast<int>(date.year());
    civil.month = static_cast<unsigned>(date.month());
    civil.day = static_cast<unsigned>(date.day());
    civil.hour = static_cast<int>(time.hours().count());
    civil.minute = static_cast<int>(time.minutes().count());
    civil.second = static_cast<int>(time.seconds().count());
    civil.weekday_index = weekday(day).c_encoding();
    return civil;
}

std::string text_of(Part part, const Civil& at) {
    const int half_hour = at.hour % 12 == 0 ? 12 : at.hour % 12;
    switch (part) {
    case Part::year:
        return fmt::format("{:04}", at.year);
    case Part::year2:
        return fmt::format("{:02}", at.year % 100);
    case Part::month:
        return fmt::format("{:02}", at.month);
    case Part::month1:
        return fmt::format("{}", at.month);
    case Part::month_name:
        return std::string(kMonths[at.month - 1]);
    case Part::month_short:
        return std::string(kMonths[at.month - 1].substr(0, 3));
    case Part::day:
        return fmt::format("{:02}", at.day);
    case Part::day1:
        return fmt::format("{}", at.day);
    case Part::weekday:
        return std::string(kDays[at.weekday_index]);
    case Part::weekday_short:
        return std::string(kDays[at.weekday_index].substr(0, 3));
    case Part::hour:
        return fmt::format("{:02}", at.hour);
    case Part::hour12:
        return fmt::format("{:02}", half_hour);
    case Part::hour12_1:
        return fmt::format("{}", half_hour);
    case Part::minute:
        return fmt::format("{:02}", at.minute);
    case Part::minute1:
        return fmt::format("{}", at.minute);
    case Part::second:
        return fmt::format("{:02}", at.second);
    case Part::second1:
        return fmt::format("{}", at.second);
    case Part::half:
        return at.hour < 12 ? "AM" : "PM";
    case Part::zone_name:
        return "UTC";
    case Part::zone_colon:
        return "Z";
    default:
        return "+0000";
    }
}

/// Reads a text by a layout, token by token.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    bool literal(char c) {
        if (at_ >= text_.size() || text_[at_] != c) {
            return false;
        }
        ++at_;
        return true;
    }
    bool token(Part part) {
        switch (part) {
        case Part::year:
            return digits(4, 4, civil_.year);
        case Part::month:
        case Part::month1:
            return unsigned_digits(part == Part::month ? 2 : 1, civil_.month);
        case Part::month_name:
        case Part::month_short:
            return month(part == Part::month_short);
        case Part::day:
        case Part::day1:
            return unsigned_digits(part == Part::day ? 2 : 1, civil_.day);
        case Part::hour:
        case Part::hour12:
        case Part::hour12_1:
            return digits(part == Part::hour12_1 ? 1 : 2, 2, civil_.hour);
        case Part::minute:
        case Part::minute1:
            return digits(part == Part::minute ? 2 : 1, 2, civil_.minute);
        case Part::second:
        case Part::second1:
            return digits(part == Part::second ? 2 : 1, 2, civil_.second) && fraction();
        default:
            return other(part);
        }
    }
    [[nodiscard]] std::optional<std::int64_t> result() const {
        const year_month_day date{
            std::chrono::year(civil_.year), std::chrono::month(civil_.month), std::chrono::day(civil_.day)};
        int hour = civil_.hour;
        if (civil_.is_afternoon && hour < 12) {
            hour += 12;
        }
        if (at_ != text_.size() || !date.ok() || hour > 23 || civil_.minute > 59 || civil_.second > 59) {
            return std::nullopt;
        }
        const auto at = sys_days(date) + hours(hour) + minutes(civil_.minute - civil_.offset_minutes)
                        + std::chrono::seconds(civil_.second);
        return duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
    }

private:
    bool digits(std::size_t low, std::size_t high, int& value) {
        std::size_t count = 0;
        value = 0;
        while (count < high && at_ < text_.size() && base::is_digit(text_[at_])) {
            value = value * 10 + (text_[at_++] - '0');
            ++count;
        }
        return count >= low;
    }
    bool unsigned_digits(std::size_t low, unsigned& value) {
        int number = 0;
        const bool is_read = digits(low, 2, number);
        value = static_cast<unsigned>(number);
        return is_read;
    }
    bool fraction() {
        if (at_ + 1 < text_.size() && text_[at_] == '.' && base::is_digit(text_[at_ + 1])) {
            ++at_;
            while (at_ < text_.size() && base::is_digit(text_[at_])) {
                ++at_;
            }
        }
        return true;
    }
    template <std::size_t Count>
    bool one_of(const std::array<std::string_view, Count>& names, bool is_short, std::size_t& index) {
        for (index = 0; index < Count; ++index) {
            const auto name = is_short ? names[index].substr(0, 3) : names[index];
            if (base::istarts_with(text_.substr(at_), name)) {
                at_ += name.size();
                return true;
            }
        }
        return false;
    }
    bool month(bool is_short) {
        std::size_t index = 0;
        const bool is_read = one_of(kMonths, is_short, index);
        civil_.month = static_cast<unsigned>(index % 12) + 1;
        return is_read;
    }
    bool zone() {
        if (literal('Z')) {
            return true;
        }
        const bool is_west = at_ < text_.size() && text_[at_] == '-';
        int hour = 0;
        int minute = 0;
        if (!literal(is_west ? '-' : '+') || !digits(2, 2, hour)) {
            return false;
        }
        literal(':');
        if (!digits(2, 2, minute)) {
            return false;
        }
        civil_.offset_minutes = (hour * 60 + minute) * (is_west ? -1 : 1);
        return true;
    }
    bool other(Part part) {
        std::size_t index = 0;
        if (part == Part::weekday || part == Part::weekday_short) {
            return one_of(kDays, part == Part::weekday_short, index);
        }
        if (part == Part::zone_name) {
            const auto begin = at_;
            while (at_ < text_.size() && base::is_alpha(text_[at_])) {
                ++at_;
            }
            return at_ - begin >= 3;
        }
        if (part == Part::half) {
            static constexpr std::array<std::string_view, 2> kHalves = {"AM", "PM"};
            const bool is_read = one_of(kHalves, false, index);
            civil_.is_afternoon = index == 1;
            return is_read;
        }
        if (part == Part::year2) {
            const bool is_read = digits(2, 2, civil_.year);
            civil_.year += civil_.year >= 69 ? 1900 : 2000;
            return is_read;
        }
        return zone();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Civil civil_;
};

} // namespace

std::string format_go_time(std::string_view layout, std::int64_t seconds) {
    const Civil civil = civil_of(seconds);
    std::string out;
    for (std::size_t at = 0; at < layout.size();) {
        const Token* token = token_at(layout, at);
        out += token != nullptr ? text_of(token->part, civil) : std::string(1, layout[at]);
        at += token != nullptr ? token->text.size() : 1;
    }
    return out;
}

std::optional<std::int64_t> parse_go_time(std::string_view layout, std::string_view text) {
    Parser parser(text);
    for (std::size_t at = 0; at < layout.size();) {
        const Token* token = token_at(layout, at);
        if (token != nullptr ? !parser.token(token->part) : !parser.literal(layout[at])) {
            return std::nullopt;
        }
        at += token != nullptr ? token->text.size() : 1;
    }
    return parser.result();
}

bool is_percent_format(std::string_view format) {
    for (std::size_t i = 0; i + 1 < format.size(); ++i) {
        if (format[i] == '%' && base::is_alpha(format[i + 1])) {
            return true;
        }
    }
    return false;
}

bool format_percent_time(std::string_view format, std::int64_t seconds, std::string& out) {
    const Civil civil = civil_of(seconds);
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size() || !base::is_alpha(format[i + 1])) {
            out += format[i];
            continue;
        }
        const char letter = format[++i];
        if (letter == 'Y' || letter == 'y') {
            out += fmt::format("{}", civil.year);
        } else if (letter == 'M') {
            out += fmt::format("{:02}", civil.month);
        } else if (letter == 'D' || letter == 'd') {
            out += fmt::format("{:02}", civil.day);
        } else if (letter == 'H' || letter == 'h') {
            out += fmt::format("{:02}", civil.hour);
        } else if (letter == 'm') {
            out += fmt::format("{:02}", civil.minute);
        } else if (letter == 'S' || letter == 's') {
            out += fmt::format("{:02}", civil.second);
        } else {
            return false;
        }
    }
    return true;
}

} // namespace fengsui::templates
