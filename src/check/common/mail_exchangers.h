// What the checks of transport security share about an exchanger's handshake.
#pragma once

#include "model/check.h"

namespace fengsui::check {

/// Why the certificate that the exchanger showed does not stand for its name by WebPKI; empty: it does.
std::string certificate_fault(const model::TlsEndpoint& endpoint, std::string_view host, base::Instant at);

/// Name, address and what came of STARTTLS.
base::Json exchanger_evidence(const model::MailExchanger& exchanger);

/// It answered and there is no encryption: STARTTLS is not offered, refused for good, or its handshake fails.
bool lacks_tls(const model::MailExchanger& exchanger);

} // namespace fengsui::check
