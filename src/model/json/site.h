// Scripts, ports, IPv6 and integrity of an observation as cases.yaml writes them. Private to model.
#pragma once

#include "base/json.h"
#include "model/observation.h"

namespace fengsui::model {

/// Each throws base::Error naming line and field.
ScriptsObservation read_scripts(const base::Json& json);
PortsObservation read_ports(const base::Json& json);
Ipv6Observation read_ipv6(const base::Json& json);
IntegrityObservation read_integrity(const base::Json& json);

} // namespace fengsui::model
