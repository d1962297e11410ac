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

/// RFC 4033 section 5.
enum class DnssecState : std::uint8_t {
    unknown,  ///< nobody who validates was asked, or the chain was not seen
    secure,   ///< a chain of signatures from an anchor
    insecure, ///< it is proved that there is none
    bogus,    ///< there should be one, and it does not hold
};
std::string_view to_string(DnssecState state);

struct DnssecFacts {
    Outcome outcome;
    std::string zone;              ///< owner of the SOA found, empty when none
    bool is_signed = false;        ///< an RRSIG came with the SOA
    bool is_authenticated = false; ///< the resolver set AD
    DnssecState state = DnssecState::unknown;
    bool is_judged_by_anchor = false; ///< by our own validation, not by what the resolver says
    std::string detail;               ///< what does not hold, and where
};

/// The relevant CAA set (RFC 8659 section 3: climbing from the name to the root).
struct CaaFacts {
    Outcome outcome;
    std::string found_at;             ///< empty: none anywhere
    std::vector<std::string> records; ///< `0 issue "ca.example"`
};

/// What one name server said when asked for the zone's SOA directly, without recursion.
struct NameServerAnswer {
    Outcome outcome;               ///< completed: something came back, whatever it says
    int code = 0;                  ///< RCODE
    bool is_authoritative = false; ///< AA
    bool has_soa = false;          ///< the zone's SOA stood in the answer
    bool is_signed = false;        ///< with an RRSIG

    [[nodiscard]] bool is_good() const {
        return outcome.is_completed() && code == 0 && is_authoritative && has_soa;
    }
};

/// A zone transfer, broken off after the SOA and two records (class careful).
struct ZoneTransfer {
    Outcome outcome; ///< completed: asked and answered, be it by a refusal
    int code = 0;
    std::vector<std::string> records; ///< `owner TYPE` of what came, three at most
    [[nodiscard]] bool is_open() const { return records.size() > 1; }
};

struct NameServerAddress {
    IpAddress address;
    Outcome outcome; ///< refused: not in scope, nothing was asked
    NameServerAnswer udp;
    NameServerAnswer tcp;
    ZoneTransfer transfer;
};

struct NameServer {
    std::string name;
    NameResolution resolution;
    std::string nonexistent; ///< the highest name towards the root that does not exist; empty: `name` exists
    std::vector<NameServerAddress> addresses;
};

/// The zone's name servers as its NS records name them.
struct DelegationFacts {
    Outcome outcome;          ///< of the NS question
    Outcome asked_outcome;    ///< of asking the servers: completed when one may be asked
    Outcome transfer_outcome; ///< likewise for transfers
    std::string zone;
    std::vector<NameServer> servers;
};

/// RFC 6698 section 2.1.
struct TlsaRecord {
    int usage = 0;
    int selector = 0;
    int matching = 0;
    std::string data;         ///< hexadecimal
    std::vector<int> matches; ///< positions in the chain that was sent; 0 is the server's own
};

struct TlsaLookup {
    Outcome outcome; ///< completed also when there is none
    std::string name;
    bool is_secure = false; ///< authenticated: only then it counts (RFC 7671 section 4)
    std::vector<TlsaRecord> records;
};

struct TxtLookup {
    Outcome outcome;                  ///< completed also for NXDOMAIN: there is none
    std::string name;                 ///< where it was found or asked
    std::vector<std::string> records; ///< strings of each record joined
};

} // namespace fengsui::model
