// Keyed digests (RFC 2104; OpenSSL's, behind one source file).
#pragma once

#include <string>
#include <string_view>

namespace fengsui::base {

/// The 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// The 20 raw bytes: for one-time passwords, whose apps know nothing else (RFC 6238).
std::string hmac_sha1(std::string_view key, std::string_view bytes);

/// Compares without telling by its duration where they differ; the lengths are no secret.
bool is_same_secret(std::string_view a, std::string_view b);

} // namespace fengsui::base
