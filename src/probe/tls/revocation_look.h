// Finding out whether an endpoint's certificates were revoked: from files and the staple first, then from the
// issuer's addresses where those are registered.
#pragma once

#include "net/connection.h"
#include "probe/visit.h"

namespace fengsui::probe::tls {

net::Task<> look_at_revocation(Visit& visit, const net::TlsSession& session, model::TlsEndpoint& endpoint);

} // namespace fengsui::probe::tls
