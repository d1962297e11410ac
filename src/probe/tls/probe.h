// TLS of the asset's https endpoint: the one normal handshake, then a few hand-made hellos.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::tls {

/// `web` tells where and how the normal handshake went, if the web was looked at.
net::Task<model::TlsObservation> look_at_tls(Visit& visit, const model::WebObservation& web);

} // namespace fengsui::probe::tls
