// What a handshake showed, as facts.
#pragma once

#include "net/connection.h"
#include "probe/trust_store.h"

namespace fengsui::probe {

/// Version, suite and the chain with where it leads; host, address and port are the caller's to set.
inline model::TlsEndpoint endpoint_of(const TrustStore& trust, const net::TlsSession& session) {
    model::TlsEndpoint endpoint;
    endpoint.outcome = model::completed();
    endpoint.version = session.version;
    endpoint.cipher = session.cipher;
    auto judgement = trust.judge(session.certificates);
    endpoint.chain = std::move(judgement.chain);
    endpoint.trust = judgement.trust;
    endpoint.trust_detail = std::move(judgement.detail);
    endpoint.is_chain_ordered = judgement.is_ordered;
    return endpoint;
}

} // namespace fengsui::probe
