// What the DNS said about a name.
#pragma once

#include "model/address.h"
#include "model/outcome.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::model {

/// Addresses of one name. `outcome` is completed when there is an address; otherwise NXDOMAIN (also for a
/// name without addresses), SERVFAIL or silence is its reason.
struct NameResolution {
    std::string name;
    Outcome outcome;
    std::vector<std::string> cnames;  ///< targets of the CNAME chain, in order
    std::vector<IpAddress> addresses; ///< A then AAAA, in the order of the answer
    Outcome v6_outcome;               ///< of the AAAA question alone
    std::vector<IpAddress> refused;   ///< of `addresses`: not in scope
    Reason refusal = Reason::none;    ///< why the first of them was refused

    [[nodiscard]] std::vector<IpAddress> of_family(IpFamily family) const;
    [[nodiscard]] bool is_refused(const IpAddress& address) const;
};

struct DnssecFacts {
    Outcome outcome;
    std::string zone;              ///< owner of the SOA found, empty when none
    bool is_signed = false;        ///< an RRSIG came with the SOA
    bool is_authenticated = false; ///< the resolver set AD
};

/// The relevant CAA set (RFC 8659 section 3: climbing from the name to the root).
struct CaaFacts {
    Outcome outcome;
    std::string found_at;             ///< empty: none anywhere
    std::vector<std::string> records; ///< `0 issue "ca.example"`
};

struct TxtLookup {
    Outcome outcome;                  ///< completed also for NXDOMAIN: there is none
    std::string name;                 ///< where it was found or asked
    std::vector<std::string> records; ///< strings of each record joined
};

} // namespace fengsui::model
