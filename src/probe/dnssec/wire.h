// DNSSEC's records (RFC 4034, 5155) out of their wire form. Pure, fuzzed.
#pragma once

#include "net/dns_message.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::dnssec {

struct ZoneKey {
    std::uint16_t flags = 0;
    std::uint8_t protocol = 0;
    std::uint8_t algorithm = 0;
    std::uint16_t tag = 0; ///< RFC 4034 appendix B
    std::string key;
    std::string data; ///< the whole RDATA

    /// May sign a zone: the zone flag, not revoked (RFC 4034 2.1.1, RFC 5011 2.1), protocol 3.
    [[nodiscard]] bool is_zone_key() const {
        return (flags & 0x0100) != 0 && (flags & 0x0080) == 0 && protocol == 3;
    }
};
std::optional<ZoneKey> read_key(std::string_view data);

struct Signature {
    net::DnsType covered = net::DnsType::a;
    std::uint8_t algorithm = 0;
    std::uint8_t labels = 0;
    std::uint32_t ttl = 0;
    std::uint32_t expires = 0; ///< seconds, serial arithmetic (RFC 4034 3.1.5)
    std::uint32_t begins = 0;
    std::uint16_t tag = 0;
    std::string signer;
    std::string head; ///< RDATA before the signature, in canonical form
    std::string signature;
};
std::optional<Signature> read_signature(std::string_view data);

struct DelegationSigner {
    std::uint16_t tag = 0;
    std::uint8_t algorithm = 0;
    std::uint8_t digest_type = 0;
    std::string digest;
};
std::optional<DelegationSigner> read_ds(std::string_view data);

/// Which types stand at a name: from NSEC and NSEC3 bitmaps (RFC 4034 4.1.2).
class TypeSet {
public:
    /// False when the bitmap is malformed.
    bool read(std::string_view bitmap);
    [[nodiscard]] bool has(net::DnsType type) const;

private:
    std::vector<std::uint16_t> types_;
};

struct Nsec {
    std::string next;
    TypeSet types;
};
std::optional<Nsec> read_nsec(std::string_view data);

struct Nsec3 {
    std::uint8_t hash = 0;
    bool is_opt_out = false;
    std::uint16_t iterations = 0;
    std::string salt;
    std::string next; ///< hash, as bytes
    TypeSet types;
};
std::optional<Nsec3> read_nsec3(std::string_view data);

/// Canonical order of names (RFC 4034 6.1): below zero when `a` comes first.
int compare_names(std::string_view a, std::string_view b);
/// RFC 4648 section 7 without padding; nothing when it is none.
std::optional<std::string> decode_base32_hex(std::string_view text);

} // namespace fengsui::probe::dnssec
