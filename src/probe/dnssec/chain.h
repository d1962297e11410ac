// The chain of signatures from an anchor down to a zone, asked for and judged here (RFC 4035 section 5).
#pragma once

#include "probe/dnssec/rrset.h"
#include "probe/visit.h"

namespace fengsui::probe::dnssec {

struct ChainVerdict {
    model::Outcome outcome = model::completed(); ///< of asking
    model::DnssecState state = model::DnssecState::unknown;
    std::string detail;        ///< what does not hold
    std::vector<ZoneKey> keys; ///< of the zone, when secure
};

/// Whether an anchor of the operator's stands above `name`.
bool has_anchor(const Visit& visit, std::string_view name);

/// By the machine's clock. Questions go to the resolver, with CD. `zone` must lie below an anchor.
net::Task<ChainVerdict> judge_zone(Visit& visit, std::string zone);

/// The same, and whether the zone's SOA and the set of that type at `host` (if there is one) hold.
net::Task<ChainVerdict> judge_host(Visit& visit, std::string zone, std::string host, net::DnsType type);

/// Whether an answer's set can be believed: by its signature and our anchors where one stands above it,
/// otherwise by the resolver's AD.
net::Task<bool> is_secure(Visit& visit, std::string owner, net::DnsType type, net::DnsMessage answer);

} // namespace fengsui::probe::dnssec
