// The DNS wire format's names and numbers, for the message codec and the RDATA texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fengsui::net {

/// Reads a possibly compressed name at `at` and moves past it. `wire` gets the expanded, lower-cased wire
/// form. False on an overrun, a pointer that does not go back, or more than 255 octets.
bool read_dns_name(std::string_view message, std::size_t& at, std::string& wire);
/// `a.example` from an uncompressed wire name ("" for the root), with `\.`, `\\` and `\DDD` escapes.
std::string dns_name_text(std::string_view wire);
/// Appends the wire form of a textual name; false (and nothing appended) when it is not a valid name.
bool append_dns_name(std::string_view text, std::string& wire);

inline std::uint16_t wire_u16(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(
        (static_cast<std::uint8_t>(bytes[at]) << 8) | static_cast<std::uint8_t>(bytes[at + 1])
    );
}
inline std::uint32_t wire_u32(std::string_view bytes, std::size_t at) {
    return (static_cast<std::uint32_t>(wire_u16(bytes, at)) << 16) | wire_u16(bytes, at + 2);
}
inline void append_u16(std::string& out, std::uint16_t value) {
    out += static_cast<char>(value >> 8);
    out += static_cast<char>(value & 0xFF);
}
inline void append_u32(std::string& out, std::uint32_t value) {
    append_u16(out, static_cast<std::uint16_t>(value >> 16));
    append_u16(out, static_cast<std::uint16_t>(value & 0xFFFF));
}

} // namespace fengsui::net
