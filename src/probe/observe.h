// Target → Observation: every probe of one target, in one coroutine with one deadline.
#pragma once

#include "model/observation.h"
#include "model/scope.h"
#include "net/http_client.h"
#include "net/task.h"

namespace fengsui::net {
class Politeness;
class Resolver;
class Runtime;
} // namespace fengsui::net

namespace fengsui::probe {

class Ipv6Vantage;
class NameServerMemory;
class TrustAnchors;
class TrustStore;

/// What the probes work with; all of it outlives every probe.
struct Services {
    net::Runtime& runtime;
    net::Politeness& politeness;
    net::Resolver& resolver;
    const model::ScopeGate& scope;
    const TrustStore& trust;
    net::HttpClientOptions http;
    std::uint16_t smtp_port = 25;                ///< where exchangers listen; another one only in tests
    std::uint16_t dns_port = 53;                 ///< where name servers listen, likewise
    const TrustAnchors* anchors = nullptr;       ///< none: the resolver's AD is believed
    NameServerMemory* name_servers = nullptr;    ///< none: every zone asks its servers over TCP itself
    const model::Knowledge* knowledge = nullptr; ///< the operator's data files; null: none
    Ipv6Vantage* vantage = nullptr;              ///< null: only the target's own answers prove it
};

/// A path to ask for because a check wants it (class careful). `{host}` in it is the target's host name.
struct WantedPath {
    std::string purpose; ///< the check's id
    std::string path;
};

/// What the checks of this run need to see.
struct Plan {
    std::vector<model::ObservationPart> parts;
    std::vector<WantedPath> paths;
    base::Instant judged_at{};
    model::PageBaseline baseline{}; ///< what earlier visits learned of the home page

    [[nodiscard]] bool wants(model::ObservationPart part) const;
};

/// Looks at the asset. Never throws for what the network does; parts that were not looked at say why.
/// Nothing is contacted without a ticket from `services.scope` for that very address.
net::Task<model::Observation> observe(
    const Services& services, model::Asset asset, Plan plan, net::Deadline deadline
);

/// A random suffix source for soft-404 controls: the same asset and day give the same names.
std::string control_name(const model::AssetId& asset, base::Instant judged_at, std::string_view salt);

} // namespace fengsui::probe
