// Bytes as text beyond plain base64: the forms of web tokens and of one-time password secrets.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::base {

/// RFC 4648 section 5, without padding: what JWT and PKCE use.
std::string base64_url(std::string_view bytes);
/// Reads either alphabet of RFC 4648, padded or not; white space is skipped. False when anything else is in
/// it.
bool decode_base64(std::string_view text, std::string& bytes);

/// RFC 4648 section 6, upper case, without padding.
std::string base32(std::string_view bytes);
/// Case, spaces and hyphens do not matter, as people type it. False when anything else is in it.
bool decode_base32(std::string_view text, std::string& bytes);

} // namespace fengsui::base
