// What the DNS said, as cases.yaml writes it. Private to model.
#pragma once

#include "base/json.h"
#include "model/observation.h"

namespace fengsui::model {

// Each throws base::Error naming line and field.
NameResolution read_resolution(const base::Json& json);
TxtLookup read_txt(const base::Json& json);
TlsaLookup read_tlsa(const base::Json& json);
ZoneObservation read_zone(const base::Json& json);

} // namespace fengsui::model
