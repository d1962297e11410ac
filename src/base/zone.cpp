#include "base/zone.h"

#include "base/text.h"
#include "base/zone_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>

namespace fengsui::base {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxZoneName = 64;
constexpr std::size_t kMaxZoneFile = std::size_t{256} * 1024;
constexpr std::string_view kShanghai = "Asia/Shanghai";

Error bad_zone(std::string_view name) {
    return {
        ErrorCode::invalid_argument,
        fmt::format(
            "unknown time zone \"{}\"; write a name such as Asia/Shanghai, UTC or +08:00",
            shorten(scrub_utf8(name), kMaxZoneName)
        )};
}

/// `Area/City`: no part that could climb out of the folder or name a hidden file.
bool is_zone_name(std::string_view name) {
    const auto fits = [](char c) {
        return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '+';
    };
    if (name.empty() || name.size() > kMaxZoneName) {
        return false;
    }
    for (const std::string_view part : split(name, '/')) {
        if (part.empty() || !std::all_of(part.begin(), part.end(), fits)) {
            return false;
        }
    }
    return true;
}

std::optional<seconds> parse_offset(std::string_view text) {
    const bool form = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':'
                      && is_digit(text[1]) && is_digit(text[2]) && is_digit(text[4]) && is_digit(text[5]);
    if (!form) {
        return std::nullopt;
    }
    const int hour = (text[1] - '0') * 10 + (text[2] - '0');
    const int minute = (text[4] - '0') * 10 + (text[5] - '0');
    if (hour > 14 || minute > 59) {
        return std::nullopt;
    }
    return seconds(hour * 3600 + minute * 60) * (text[0] == '-' ? -1 : 1);
}

std::optional<std::string> read_zone_file(const std::filesystem::path& path) {
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure)) {
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    std::string bytes(kMaxZoneFile, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

} // namespace

Zone::Zone() : Zone(fixed("UTC", seconds(0))) {}

Zone Zone::shanghai() {
    return fixed(std::string(kShanghai), hours(8));
}

Zone Zone::fixed(std::string name, seconds offset) {
    auto rules = std::make_shared<Rules>();
    rules->name = std::move(name);
    rules->first = offset;
    return Zone(std::move(rules));
}

Result<Zone> Zone::load(std::string_view name, const std::filesystem::path& folder) {
    if (name == "UTC" || name == "Z") {
        return Zone();
    }
    if (const auto offset = parse_offset(name)) {
        return fixed(std::string(name), *offset);
    }
    if (!is_zone_name(name)) {
        return bad_zone(name);
    }
    if (const auto bytes = read_zone_file(folder / name)) {
        return parse(std::string(name), *bytes);
    }
    return name == kShanghai ? Result<Zone>(shanghai()) : Result<Zone>(bad_zone(name));
}

Result<Zone> Zone::parse(std::string name, std::string_view bytes) {
    auto rules = read_tzif(bytes);
    if (!rules) {
        return rules.error().context(fmt::format("time zone {}", shorten(scrub_utf8(name), kMaxZoneName)));
    }
    rules->name = std::move(name);
    return Zone(std::make_shared<Rules>(std::move(*rules)));
}

const std::string& Zone::name() const {
    return rules_->name;
}

seconds Zone::offset_at(Instant at) const {
    const auto second = std::chrono::floor<seconds>(at).time_since_epoch();
    const auto& changes = rules_->changes;
    const auto after =
        std::upper_bound(changes.begin(), changes.end(), second, [](seconds when, const auto& change) {
            return when < change.at;
        });
    if (after == changes.end() && rules_->tail) {
        return rules_->tail->offset_at(second);
    }
    return after == changes.begin() ? rules_->first : std::prev(after)->offset;
}

LocalTime Zone::to_local(Instant at) const {
    return LocalTime(at.time_since_epoch() + offset_at(at));
}

Instant Zone::to_utc(LocalTime local) const {
    const Instant as_utc(local.time_since_epoch());
    const seconds before = offset_at(as_utc - days(1));
    const seconds after = offset_at(as_utc + days(1));
    const Instant first = as_utc - before;
    if (before == after || offset_at(first) == before) {
        return first;
    }
    const Instant second = as_utc - after;
    return offset_at(second) == after ? second : first; // in a gap `before` leads past the jump
}

std::string format_rfc3339(Instant at, const Zone& zone) {
    const auto offset = std::chrono::duration_cast<std::chrono::minutes>(zone.offset_at(at));
    std::string text = format_rfc3339(at + offset);
    text.pop_back();
    const auto size = offset.count() < 0 ? -offset.count() : offset.count();
    return text + fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', size / 60, size % 60);
}

} // namespace fengsui::base
