// DNS messages (RFC 1035, EDNS(0) RFC 6891) as values; encoding and a fuzzed, pure decoder.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::net {

enum class DnsType : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    ptr = 12,
    mx = 15,
    txt = 16,
    aaaa = 28,
    opt = 41,
    ds = 43,
    rrsig = 46,
    nsec = 47,
    dnskey = 48,
    nsec3 = 50,
    tlsa = 52,
    axfr = 252,
    any = 255,
    caa = 257
};

enum class DnsCode : std::uint8_t {
    no_error = 0,
    format_error = 1,
    server_failure = 2,
    name_error = 3,
    not_implemented = 4,
    refused = 5
};

struct DnsQuestion {
    std::string name; ///< lower case, no trailing dot; "" is the root
    DnsType type = DnsType::a;
};

/// One record. `data` is the RDATA with names inside it already expanded for CNAME, NS, PTR, MX and SOA.
struct DnsRecord {
    std::string name;
    DnsType type = DnsType::a;
    std::uint32_t ttl = 0;
    std::string data; ///< raw RDATA; for the types above in uncompressed wire form
    /// The text of the data: an address, a name, `10 mail.example`, `0 issue "ca.example"`, for TXT the
    /// strings joined.
    [[nodiscard]] std::string text() const;
};

struct DnsMessage {
    std::uint16_t id = 0;
    bool is_response = false;
    bool is_authoritative = false;
    bool is_truncated = false;
    bool recursion_desired = true;
    bool recursion_available = false;
    bool is_authenticated = false;  ///< AD
    bool checking_disabled = false; ///< CD
    bool dnssec_ok = false;         ///< DO in the OPT record
    bool has_edns = false;
    DnsCode code = DnsCode::no_error;
    std::vector<DnsQuestion> questions;
    std::vector<DnsRecord> answers;
    std::vector<DnsRecord> authorities;
    std::vector<DnsRecord> additionals; ///< without OPT
};

/// Never trusts a length or a pointer: compression loops, overruns and over-long names are errors.
base::Result<DnsMessage> decode_dns(std::string_view bytes);
/// Wire form; adds an OPT record (payload 1232) when has_edns. `limit`: 0 none, else truncates and sets TC.
std::string encode_dns(const DnsMessage& message, std::size_t limit = 0);
/// RDATA in wire form from text, for servers: the inverse of DnsRecord::text. Unknown types: empty.
std::string dns_rdata(DnsType type, std::string_view text);

} // namespace fengsui::net
