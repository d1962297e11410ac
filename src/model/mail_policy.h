// Records by which a mail domain says what holds for its mail, read as receivers read them. Pure, fuzzed.
#pragma once

#include "model/dns.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::model {

struct PolicyTag {
    std::string name; ///< lower case
    std::string value;
};

/// `v=DMARC1; p=none`: tags between semicolons, spaces around names and values dropped.
struct TagRecord {
    std::vector<PolicyTag> tags;
    std::vector<std::string> malformed; ///< pieces without a name or an equals sign
    std::vector<std::string> repeated;  ///< names that come twice; the first counts

    /// Into this record: a temporary one cannot be asked.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const&;
    std::optional<std::string_view> find(std::string_view name) const&& = delete;
};
TagRecord parse_tag_record(std::string_view record);

/// One address that reports go to (RFC 9989 4.7, rua and ruf).
struct ReportAddress {
    std::string uri;    ///< as written, without the size limit of older records
    std::string domain; ///< of a mailto URI, lower case; empty: not one
};
std::vector<ReportAddress> parse_report_addresses(std::string_view value);

struct DmarcPolicy {
    std::string p; ///< lower case when valid, else empty; likewise the next
    std::string sp;
    std::string np;
    bool is_testing = false; ///< t=y
    std::vector<ReportAddress> reports;
    bool has_valid_report = false;
    /// Neither a valid p nor, in its place, a valid rua: receivers take no notice of it (RFC 9989 4.7).
    bool is_void = false;
    std::vector<std::string> faults; ///< what is wrong, in words for evidence
};
DmarcPolicy parse_dmarc(std::string_view record);

/// `_mta-sts` (RFC 8461 3.1): the id; nothing when it is not valid.
std::optional<std::string> parse_mta_sts_record(std::string_view record);

/// The policy file (RFC 8461 3.2).
struct MtaStsPolicy {
    std::string mode; ///< enforce, testing, none; else as written
    std::optional<std::uint64_t> max_age;
    std::vector<std::string> mx; ///< patterns, lower case
    std::vector<std::string> faults;
};
inline constexpr std::size_t kMtaStsLimit = 64 * 1024; ///< RFC 8461 3.3
MtaStsPolicy parse_mta_sts_policy(std::string_view text);
/// RFC 8461 4.1: a wildcard stands for exactly one left-most label.
bool mta_sts_covers(const MtaStsPolicy& policy, std::string_view exchanger);

/// `_smtp._tls` (RFC 8460 3): the record is `v=TLSRPTv1` with a rua of mailto or https.
bool is_tls_rpt(std::string_view record);

/// The key of a selector (RFC 6376 3.6.1).
struct DkimRecord {
    std::string key_type = "rsa";    ///< k=
    int key_bits = 0;                ///< 0: the key cannot be read
    bool is_revoked = false;         ///< p= is empty
    std::vector<std::string> hashes; ///< h=; empty: all
    bool is_testing = false;         ///< t=y
    std::string fault;               ///< why it is no key record
};
DkimRecord parse_dkim(std::string_view record);
/// Bits of the modulus in a SubjectPublicKeyInfo or RSAPublicKey; 0 when it is neither.
int rsa_key_bits(std::string_view der);

} // namespace fengsui::model
