// The mail part of an observation as cases.yaml writes it. Private to model.
#pragma once

#include "base/json.h"
#include "model/observation.h"

namespace fengsui::model {

/// Throws base::Error naming line and field.
MailObservation read_mail(const base::Json& json);

/// Of observation_json.cpp and json/tls.cpp.
HttpExchange read_http_exchange(const base::Json& json);
TlsEndpoint read_tls_endpoint(const base::Json& json);

} // namespace fengsui::model
