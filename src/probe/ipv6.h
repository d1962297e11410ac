// Whether the addresses that AAAA records give answer where IPv4 answers, and with the same.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe {

/// What the plan wants of it: connects to at most two addresses at each port that `web` found answering, the
/// home page once more over IPv6, the name servers' addresses (DNS only), a few links.
net::Task<model::Ipv6Observation> look_at_ipv6(Visit& visit, const model::WebObservation& web);

// Its parts, each filling its own outcome.

net::Task<model::Ipv6Pages> compare_pages(
    Visit& visit, const model::WebObservation& web, model::IpAddress v6
);
net::Task<model::Ipv6NameServers> ask_name_servers(Visit& visit);
net::Task<model::Ipv6Links> sample_links(Visit& visit, const model::WebObservation& web, model::IpAddress v6);

} // namespace fengsui::probe
