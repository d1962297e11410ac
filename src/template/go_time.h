// Go's reference-time layouts ("2006-01-02 15:04:05"), as far as templates use them. UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fengsui::templates {

std::string format_go_time(std::string_view layout, std::int64_t seconds);
/// Unix seconds; nothing when the text does not follow the layout.
std::optional<std::int64_t> parse_go_time(std::string_view layout, std::string_view text);

/// A format with `%` and a letter in it.
bool is_percent_format(std::string_view format);
/// %Y %M %D %H %m %S, two digits; false for another letter.
bool format_percent_time(std::string_view format, std::int64_t seconds, std::string& out);

} // namespace fengsui::templates
