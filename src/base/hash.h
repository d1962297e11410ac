// Digests (OpenSSL's, behind one source file).
#pragma once

#include <string>
#include <string_view>

namespace fengsui::base {

/// The 32 raw bytes.
std::string sha256(std::string_view bytes);
/// The 64 hexadecimal digits, lower case.
std::string sha256_hex(std::string_view bytes);

/// The 40 digits of SHA-1: only for comparing with published lists.
std::string sha1_hex(std::string_view bytes);

/// `count` bytes from the operating system's random source.
std::string random_bytes(std::size_t count);

} // namespace fengsui::base
