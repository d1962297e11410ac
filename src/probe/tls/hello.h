// Hand-made ClientHellos: they ask for classes, never for keys. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fengsui::probe::tls {

constexpr std::uint16_t kSsl2 = 0x0002;
constexpr std::uint16_t kSsl3 = 0x0300;
constexpr std::uint16_t kTls10 = 0x0301;
constexpr std::uint16_t kTls11 = 0x0302;
constexpr std::uint16_t kTls12 = 0x0303;
constexpr std::uint16_t kTls13 = 0x0304;
constexpr std::uint16_t kTlcp = 0x0101; ///< GB/T 38636-2020 6.3.1

/// One question to a server: this version at most, one of these suites. kSsl2 and kTlcp have hellos of
/// their own.
struct HelloQuestion {
    std::uint16_t version = kTls12;
    std::vector<std::uint16_t> suites;
    std::string server_name; ///< SNI; empty: none
    std::string random;      ///< 32 bytes; shorter is padded with zeros
    /// supported_groups; empty: no such extension. The weak ones too, last: who has no other is seen all the
    /// same.
    std::vector<std::uint16_t> groups = {29, 23, 24, 25, 30, 26, 27, 28, 22, 14, 13, 12, 11, 10, 9,
                                         8,  7,  6,  21, 20, 5,  4,  19, 18, 3,  2,  1,  17, 16, 15};
    std::vector<std::uint16_t> signatures = {
        0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0807,
        0x0808, 0x0809, 0x080A, 0x080B, 0x0402, 0x0303, 0x0301, 0x0203, 0x0201, 0x0202}; ///< from TLS 1.2
    std::vector<std::uint16_t> versions; ///< supported_versions, with an empty key_share; empty: neither
    bool offers_compression = false;     ///< DEFLATE before null
    bool has_grease = false;             ///< an unknown extension too (RFC 8701)
    bool has_extensions = true;
};

/// The record that carries the ClientHello. Offers no session and no keys: a TLS 1.3 server answers a
/// HelloRetryRequest (RFC 8446 4.1.4).
std::string client_hello(const HelloQuestion& question);

/// The suites of that hello's own space: three octets each in SSL 2.0, all that GB/T 38636 names in TLCP.
std::vector<std::uint16_t> tlcp_suites();

/// The group that a ServerKeyExchange or HelloRetryRequest names (IANA), or 0xABCD.
std::string group_name(std::uint16_t group);
std::string signature_name(std::uint16_t scheme);

} // namespace fengsui::probe::tls
