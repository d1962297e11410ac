// The running district: the world as it is now, and what its servers share.
#pragma once

#include "net/listener.h"
#include "range/dns/zones.h"
#include "range/pki/authority.h"
#include "range/world/world.h"

#include <map>

namespace fengsui::range {

/// One address and the sites that stand at it.
struct Place {
    std::vector<std::size_t> sites; ///< indices into the world
    /// Made at the first handshake. Shared by the place and the handshakes under way, so that mending can
    /// replace it.
    std::shared_ptr<net::TlsServer> web_tls;
    std::shared_ptr<net::TlsServer> mail_tls;
};

struct Counters {
    std::uint64_t connections = 0;
    std::uint64_t requests = 0;
    std::uint64_t queries = 0;
};

/// Owned by the range and by every connection under way. I/O thread.
struct Premises {
    Premises(net::Runtime& runtime, const WorldPlan& plan);

    net::Runtime& runtime;
    World world;
    Authority authority;
    Zones zones;
    std::map<model::IpAddress, Place> places;
    std::vector<unsigned> answered; ///< by site: for those that are busy at first
    Counters counters;

    /// Where ::1 leads: the site whose port it is.
    [[nodiscard]] Place* find_place(const model::IpAddress& local, std::uint16_t port);
    [[nodiscard]] std::shared_ptr<net::TlsServer> web_tls(Place& place);
    [[nodiscard]] std::shared_ptr<net::TlsServer> mail_tls(Place& place);
    /// The site that the Host header names at the place, or null.
    [[nodiscard]] const Site* site_at(const Place& place, const std::string& host) const;
};

} // namespace fengsui::range
