// The cipher suites that hellos offer, and the classes they are judged by. Pure tables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::tls {

/// The first eight each have a check of their own; a suite may be in several. `cbc_sha1` holds only suites
/// that have no worse fault of their cipher or key exchange.
enum class SuiteClass : std::uint8_t {
    null,
    anonymous,
    export_grade,
    rc4,
    des,
    triple_des,
    static_rsa,
    cbc_sha1,
    phase_out, ///< DHE, CBC with SHA-2, CAMELLIA, ARIA (NCSC-NL 2025-05 table 6)
    sound,     ///< good or sufficient there
    other,     ///< insufficient without a check of its own
};
inline constexpr std::size_t kBadClassCount = 8;
/// The name that facts and cases use: null, anonymous, export, rc4, des, 3des, static_rsa, cbc_sha1,
/// phase_out.
std::string_view to_string(SuiteClass kind);

/// What a ServerKeyExchange of that suite holds.
enum class KeyExchange : std::uint8_t { none, dhe, dh_anonymous, ecdhe, ecdh_anonymous };

bool is_in(std::uint16_t suite, SuiteClass kind);
/// In one of the eight classes with a check.
bool is_bad(std::uint16_t suite);
KeyExchange key_exchange_of(std::uint16_t suite);

/// Those of TLS 1.2 and below in the order of their codes' table: sound ones first.
const std::vector<std::uint16_t>& all_suites();
std::vector<std::uint16_t> suites_of(SuiteClass kind);
/// Those that servers of TLS 1.0, 1.1 and SSL 3.0 can choose.
std::vector<std::uint16_t> legacy_suites();
/// With finite-field Diffie-Hellman of the server's own parameters.
std::vector<std::uint16_t> dhe_suites();
/// With elliptic curves and a certificate.
std::vector<std::uint16_t> ecdhe_suites();

/// The IANA name, or 0xABCD for a suite not in the table.
std::string suite_name(std::uint16_t suite);

} // namespace fengsui::probe::tls
