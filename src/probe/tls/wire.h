// Big-endian integers of the TLS wire format. Reading past the end is the caller's mistake.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::probe::tls {

inline void put8(std::string& out, std::size_t value) {
    out.push_back(static_cast<char>(value & 0xFF));
}
inline void put16(std::string& out, std::size_t value) {
    put8(out, value >> 8);
    put8(out, value);
}
inline void put_block16(std::string& out, std::string_view block) {
    put16(out, block.size());
    out += block;
}

inline std::size_t get8(std::string_view in, std::size_t at) {
    return static_cast<unsigned char>(in[at]);
}
inline std::size_t get16(std::string_view in, std::size_t at) {
    return get8(in, at) << 8 | get8(in, at + 1);
}
inline std::size_t get24(std::string_view in, std::size_t at) {
    return get16(in, at) << 8 | get8(in, at + 2);
}

/// Cuts a piece with its length in `length_bytes` (1 to 3) octets before it off the front of `in`; false, and
/// nothing cut, when it is not all there.
inline bool take_block(std::string_view& in, std::size_t length_bytes, std::string_view& block) {
    if (in.size() < length_bytes) {
        return false;
    }
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) {
        length = length << 8 | get8(in, i);
    }
    if (in.size() - length_bytes < length) {
        return false;
    }
    block = in.substr(length_bytes, length);
    in.remove_prefix(length_bytes + length);
    return true;
}

} // namespace fengsui::probe::tls
