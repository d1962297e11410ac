#include "base/text.h"
#include "template/functions.h"
#include "template/go_time.h"

#include <fmt/format.h>

#include <limits>

namespace fengsui::templates {

namespace {

using Outcome = base::Result<Value>;

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "1234567890";
constexpr std::int64_t kMaxRandomText = 65536;

std::string without(std::string_view characters, std::string_view bad) {
    std::string kept;
    for (const char c : characters) {
        if (bad.find(c) == std::string_view::npos) {
            kept += c;
        }
    }
    return kept;
}

std::string alphanumeric() {
    return std::string(kLetters) + std::string(kDigits);
}

Outcome random_text(const Arguments& arguments, std::string_view characters) {
    const auto count = arguments.whole(0);
    if (!count || *count < 0 || *count > kMaxRandomText || characters.empty()) {
        return function_error("not a length that makes sense");
    }
    std::string out;
    for (std::int64_t i = 0; i < *count; ++i) {
        out += characters[arguments.environment().random.below(characters.size())];
    }
    return Value::text(std::move(out));
}

std::string bad_characters(const Arguments& arguments) {
    return arguments.size() > 1 ? arguments.text(1) : std::string();
}
Outcome rand_base(const Arguments& arguments) {
    const std::string given = arguments.size() == 2 ? arguments.text(1) : std::string();
    return random_text(arguments, base::trim(given).empty() ? alphanumeric() : given);
}
Outcome rand_char(const Arguments& arguments) {
    const std::string given = arguments.size() > 0 ? arguments.text(0) : std::string();
    const std::string characters = base::trim(given).empty() ? alphanumeric() : given;
    return Value::text(std::string(1, characters[arguments.environment().random.below(characters.size())]));
}
Outcome rand_text_alphanumeric(const Arguments& arguments) {
    return random_text(arguments, without(alphanumeric(), bad_characters(arguments)));
}
Outcome rand_text_alpha(const Arguments& arguments) {
    return random_text(arguments, without(kLetters, bad_characters(arguments)));
}
Outcome rand_text_numeric(const Arguments& arguments) {
    return random_text(arguments, without(kDigits, bad_characters(arguments)));
}
Outcome rand_int(const Arguments& arguments) {
    base::Result<std::int64_t> low = std::int64_t{0};
    base::Result<std::int64_t> high = std::int64_t{std::numeric_limits<std::int32_t>::max()};
    if (arguments.size() > 0) {
        low = arguments.whole(0);
    }
    if (arguments.size() > 1) {
        high = arguments.whole(1);
    }
    constexpr std::int64_t kEdge = std::int64_t{1} << 52;
    if (!low || !high || *low >= *high || *low < -kEdge || *high > kEdge) {
        return function_error("rand_int: an empty range");
    }
    const auto drawn = arguments.environment().random.below(static_cast<std::uint64_t>(*high - *low));
    return Value::number(static_cast<double>(*low + static_cast<std::int64_t>(drawn)));
}
/// Within the first prefix of the list that is drawn.
Outcome rand_ip(const Arguments& arguments) {
    auto& random = arguments.environment().random;
    const std::string prefix = arguments.text(random.below(arguments.size()));
    const auto slash = prefix.find('/');
    std::uint32_t address = 0;
    std::size_t count = 0;
    for (const auto part : base::split(std::string_view(prefix).substr(0, slash), '.')) {
        address = address << 8U | (static_cast<std::uint32_t>(std::atoi(std::string(part).c_str())) & 0xFFU);
        ++count;
    }
    const int length = slash == std::string::npos ? -1 : std::atoi(prefix.c_str() + slash + 1);
    if (count != 4 || length < 0 || length > 32) {
        return function_error("rand_ip: not an IPv4 prefix");
    }
    const std::uint64_t size = std::uint64_t{1} << (32 - length);
    address =
        (address & ~static_cast<std::uint32_t>(size - 1)) + static_cast<std::uint32_t>(random.below(size));
    return Value::text(fmt::format(
        "{}.{}.{}.{}", address >> 24U, address >> 16U & 255U, address >> 8U & 255U, address & 255U
    ));
}

std::int64_t now_of(const Arguments& arguments) {
    const auto since = arguments.environment().now.time_since_epoch();
    return std::chrono::floor<std::chrono::seconds>(since).count();
}
Outcome unix_time(const Arguments& arguments) {
    base::Result<std::int64_t> offset = std::int64_t{0};
    if (arguments.size() > 0) {
        offset = arguments.whole(0);
    }
    return offset ? Outcome(Value::number(static_cast<double>(now_of(arguments) + *offset))) : offset.error();
}
Outcome to_unix_time(const Arguments& arguments) {
    if (const auto number = arguments.whole(0)) {
        return Value::number(static_cast<double>(*number));
    }
    static constexpr std::string_view kLayouts[] = {
        "2006-01-02T15:04:05Z07:00",
        "2006-01-02 15:04:05 Z07:00",
        "2006-01-02 15:04:05",
        "2006-01-02 15:04 Z07:00",
        "2006-01-02 15:04",
        "2006-01-02 Z07:00",
        "2006-01-02"};
    const std::string text = arguments.text(0);
    if (arguments.size() == 2) {
        const auto parsed = parse_go_time(arguments.text(1), text);
        return parsed ? Outcome(Value::number(static_cast<double>(*parsed)))
                      : function_error("could not parse the input with the layout");
    }
    for (const auto layout : kLayouts) {
        if (const auto parsed = parse_go_time(layout, text)) {
            return Value::number(static_cast<double>(*parsed));
        }
    }
    return function_error("could not parse the current input with the default layouts");
}
/// `%Y-%M-%D` and the like, or a Go layout; UTC.
Outcome date_time(const Arguments& arguments) {
    base::Result<std::int64_t> seconds = now_of(arguments);
    if (arguments.size() > 1) {
        seconds = arguments.whole(1);
    }
    if (!seconds) {
        return function_error("invalid argument type");
    }
    const std::string format = arguments.text(0);
    std::string out;
    const bool is_simple = is_percent_format(format);
    if (is_simple && !format_percent_time(format, *seconds, out)) {
        return function_error("invalid date time format string");
    }
    return Value::text(is_simple ? out : format_go_time(format, *seconds));
}

constexpr Function kFunctions[] = {
    {"rand_base", 1, 3, rand_base},
    {"rand_char", 0, 1, rand_char},
    {"rand_text_alphanumeric", 1, 2, rand_text_alphanumeric},
    {"rand_text_alpha", 1, 2, rand_text_alpha},
    {"rand_text_numeric", 1, 2, rand_text_numeric},
    {"rand_int", 0, 2, rand_int},
    {"rand_ip", 1, kAnyCount, rand_ip},
    {"unix_time", 0, 1, unix_time},
    {"to_unix_time", 1, 2, to_unix_time},
    {"date_time", 1, 2, date_time},
};

} // namespace

std::span<const Function> random_functions() {
    return kFunctions;
}

} // namespace fengsui::templates
