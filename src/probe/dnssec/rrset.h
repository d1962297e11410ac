// Holding one set of records against its signatures (RFC 4035 section 5.3). Pure.
#pragma once

#include "probe/dnssec/crypto.h"

namespace fengsui::probe::dnssec {

/// What came of a set of records and the keys that are trusted for its zone.
struct SetVerdict {
    bool holds = false;
    std::string detail; ///< why not: the signature, the key and what is wrong, in words
};

/// The records of that owner and type among `records`.
std::vector<net::DnsRecord> select_set(
    const std::vector<net::DnsRecord>& records, std::string_view owner, net::DnsType type
);

/// Whether one of the signatures in `records` over the set of that owner and type was made by one of `keys`
/// of `zone` and is in force at `now` (seconds). Tries few keys and signatures, whatever the answer brings.
SetVerdict verify_set(
    const std::vector<net::DnsRecord>& records,
    std::string_view owner,
    net::DnsType type,
    std::string_view zone,
    const std::vector<ZoneKey>& keys,
    std::uint32_t now
);

/// What an answer without a DS proves.
enum class NoDs : std::uint8_t {
    insecure_delegation, ///< there is a cut here, and no DS
    no_cut,              ///< the name belongs to the same zone
    unproven,
};
/// `authorities` must be signed by `keys` of `zone`, the parent (RFC 4035 5.2, RFC 5155 8.6).
NoDs judge_no_ds(
    const std::vector<net::DnsRecord>& authorities,
    std::string_view name,
    std::string_view zone,
    const std::vector<ZoneKey>& keys,
    std::uint32_t now
);

} // namespace fengsui::probe::dnssec
