// Connections to one TLS endpoint, each by the visit's permission and closed before the next is opened.
#pragma once

#include "net/connection.h"
#include "probe/tls/decode.h"
#include "probe/visit.h"

namespace fengsui::probe::tls {

/// Ends the web conversation first: at most one connection is open at a time.
net::Task<net::Connected> connect(Visit& visit, model::TlsEndpoint endpoint);

/// Client handshake; the outcome is settled (our own deadline is no answer of theirs).
net::Task<model::Outcome> start_tls(
    Visit& visit,
    net::Connection& connection,
    const model::TlsEndpoint& endpoint,
    net::TlsSession& session,
    bool is_tls12_at_most
);

/// One hello on a connection of its own, aborted after the server's first flight.
net::Task<HelloAnswer> ask(Visit& visit, const model::TlsEndpoint& endpoint, HelloQuestion question);

} // namespace fengsui::probe::tls
