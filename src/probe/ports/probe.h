// TCP ports beside the web's own: a connection each, nothing sent.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::ports {

/// Looks at the ports of content/ports.yaml on the asset's first admitted address. Only for assets that
/// name a machine, not a URL.
net::Task<model::PortsObservation> look_at_ports(Visit& visit);

/// Whether the asset is of a kind whose ports are looked at.
bool has_ports(const model::AssetTarget& target);

} // namespace fengsui::probe::ports
