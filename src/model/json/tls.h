// The TLS part of an observation as cases.yaml writes it. Private to model.
#pragma once

#include "base/json.h"
#include "model/observation.h"

namespace fengsui::model {

/// Throws base::Error naming line and field.
TlsObservation read_tls(const base::Json& json);

} // namespace fengsui::model
