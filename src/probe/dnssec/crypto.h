// The signatures and digests of DNSSEC (OpenSSL behind): RFC 3110, 5702, 6605, 8080; RFC 4509, 6605; RFC
// 5155.
#pragma once

#include "probe/dnssec/wire.h"

namespace fengsui::probe::dnssec {

/// RSASHA1 (5, 7), RSASHA256, RSASHA512, ECDSAP256, ECDSAP384, Ed25519, Ed448.
bool is_known_algorithm(std::uint8_t algorithm);
/// SHA-1, SHA-256, SHA-384.
bool is_known_digest(std::uint8_t digest_type);

/// Whether the key made the signature over `text`. Malformed keys and signatures make none.
bool verify(const ZoneKey& key, std::string_view text, std::string_view signature);
/// Whether the DS speaks of that key of the zone.
bool is_signed_for(const DelegationSigner& ds, std::string_view zone, const ZoneKey& key);
/// RFC 5155 section 5, SHA-1; the raw 20 octets.
std::string nsec3_hash(std::string_view name, std::string_view salt, unsigned iterations);

} // namespace fengsui::probe::dnssec
