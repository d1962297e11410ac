// What the TLS checks share: judging one endpoint after the other, and the evidence a stranger can verify.
#pragma once

#include "model/check.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fengsui::check {

/// What a check says of one endpoint.
struct EndpointAnswer {
    model::Outcome outcome = model::completed(); ///< not completed: it cannot tell
    std::optional<base::Json> evidence;          ///< set: the condition holds
    std::optional<model::Severity> severity;     ///< when it differs from the check's
};

using EndpointRule = std::function<EndpointAnswer(const model::TlsEndpoint&)>;

/// Asks `rule` about every endpoint. One claim per locator: addresses of the same name that share the
/// fault are listed in its evidence as `also_at`. When the rule could tell nowhere, the first endpoint's
/// outcome.
model::Verdict judge_endpoints(const model::Observation& seen, const EndpointRule& rule);

/// The same, for endpoints whose handshake was completed and which sent a certificate.
model::Verdict judge_certificates(const model::Observation& seen, const EndpointRule& rule);

/// The same, by trust: holds where it is one of `wanted`; cannot tell where trust is unknown.
model::Verdict judge_trust(const model::Observation& seen, const std::vector<model::Trust>& wanted);

/// Holds where `offered` is yes; the evidence names `version`.
model::Verdict judge_version(
    const model::Observation& seen, model::Offered model::TlsEndpoint::*offered, std::string_view version
);

/// Address, port and server name: where to point `openssl s_client`.
base::Json endpoint_evidence(const model::TlsEndpoint& endpoint);
/// Adds the facts of the certificate at `position` of the chain as sent (0 = leaf).
void add_certificate(base::Json& evidence, const model::TlsEndpoint& endpoint, std::size_t position);

/// Positions of the certificates that a client uses: the leaf, then the issuer of each, without a
/// self-signed root. Certificates that nothing leads to are left out.
std::vector<std::size_t> path_positions(const model::TlsEndpoint& endpoint);
/// A root that clients trust or not by their own store, never by its signature or dates.
bool is_sent_root(const model::TlsEndpoint& endpoint, std::size_t position);
std::string_view role_of(const model::TlsEndpoint& endpoint, std::size_t position);

using CertificateRule = std::function<std::optional<std::string>(const model::CertificateFacts&)>;

/// Applies `fault` (its text, or nothing) to the certificates at `positions`; the evidence is that of the
/// first with a fault and lists all of them.
EndpointAnswer first_fault(
    const model::TlsEndpoint& endpoint,
    const std::vector<std::size_t>& positions,
    const CertificateRule& fault
);

} // namespace fengsui::check
