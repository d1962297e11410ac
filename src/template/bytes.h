// Bytes and runes as Go sees them.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::templates {

/// Length of the valid UTF-8 sequence at `at`; 0 when there is none.
std::size_t utf8_length(std::string_view text, std::size_t at);
/// Go's strings.ToLower and ToUpper for the alphabets that occur: Latin, Greek, Cyrillic, full width.
std::string unicode_lower(std::string_view text);
std::string unicode_upper(std::string_view text);
/// Decodes hexadecimal digits; false when it is none or of odd length.
bool decode_hex(std::string_view text, std::string& out);
/// Strict standard base64 (Go's StdEncoding, line breaks skipped).
bool decode_base64(std::string_view text, std::string& out);

} // namespace fengsui::templates
