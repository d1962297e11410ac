// What DNS messages say about a zone and a mail domain. Pure, fuzzed.
#pragma once

#include "model/observation.h"
#include "net/dns_message.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::dns {

/// `name`, then each name above it down to one label. Never the root. At most `limit`.
std::vector<std::string> names_upward(std::string_view name, std::size_t limit);

struct Apex {
    std::string zone; ///< owner of the SOA
    bool is_signed = false;
    bool is_answer = false; ///< stood in the answer: `zone` itself was asked
};
/// The zone that `name` lies in by the SOA in the message; none when that SOA belongs elsewhere (a CNAME
/// leads away) or when there is none.
std::optional<Apex> find_apex(const net::DnsMessage& message, std::string_view name);

/// Texts of all answers of that type, whoever owns them (a CNAME may have led away).
std::vector<std::string> answers_of(const net::DnsMessage& message, net::DnsType type);

/// Every TXT record of the answer, its strings joined, UTF-8.
std::vector<std::string> texts_of(const net::DnsMessage& message);

struct MxRecord {
    int preference = 0;
    std::string exchanger; ///< empty: null MX (RFC 7505)
    bool operator==(const MxRecord&) const = default;
};
/// By preference, then name; at most 10. Texts that are no MX are dropped.
std::vector<MxRecord> read_mx(const net::DnsMessage& message);

/// Records that are SPF (RFC 7208 4.5: `v=spf1` and a space or the end).
std::vector<std::string> spf_of(const std::vector<std::string>& texts);
/// Where the record leaves the decision to (RFC 7208 6.1): nothing when it decides by an `all` itself, when
/// the name depends on the sender (a macro) or is none.
std::optional<std::string> spf_redirect_of(std::string_view record);
/// Records that are DMARC (RFC 9989 4.7: begin with a `v=DMARC1` tag).
std::vector<std::string> dmarc_of(const std::vector<std::string>& texts);

/// Those meant to be DMARC that no receiver reads: another spelling of the version.
std::vector<std::string> dmarc_misspelt(const std::vector<std::string>& texts);

/// Domains of the DMARC tree walk (RFC 9989 4.10), the mail domain first: at most eight.
std::vector<std::string> dmarc_walk(std::string_view domain);

/// What was found at one step of the walk.
struct DmarcStep {
    std::string domain;
    std::vector<std::string> records; ///< of v=DMARC1
};
/// `y`, `n` or 0 for a record's psd tag.
char dmarc_psd(std::string_view record);
/// No further question is needed after this step.
bool ends_walk(const DmarcStep& step);
/// The step whose records are the policy: the domain's own whatever their number, else the
/// organizational domain's, else the public suffix's; else one with several, which are none to receivers;
/// null when there are none at all.
const DmarcStep* choose_policy(const std::vector<DmarcStep>& steps);
/// The organizational domain (RFC 9989 4.10.2) by a whole walk; the first step's domain when nothing was
/// found.
std::string organization_in(const std::vector<DmarcStep>& steps);

} // namespace fengsui::probe::dns
