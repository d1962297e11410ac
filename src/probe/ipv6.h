// Whether the addresses that AAAA records give answer where IPv4 answers.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe {

/// One TCP connect for each of at most two addresses and each port that `web` found answering.
net::Task<model::Ipv6Observation> look_at_ipv6(Visit& visit, const model::WebObservation& web);

} // namespace fengsui::probe
