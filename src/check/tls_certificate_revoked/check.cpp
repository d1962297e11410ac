#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

base::Json revocation_evidence(const model::TlsEndpoint& endpoint, const model::RevocationFacts& facts) {
    base::Json evidence = endpoint_evidence(endpoint);
    if (facts.position < endpoint.chain.size()) {
        add_certificate(evidence, endpoint, facts.position);
    }
    evidence.set("revoked_at", base::format_rfc3339(facts.revoked_at));
    evidence.set("reason", facts.reason);
    evidence.set("source", facts.source);
    return evidence;
}

} // namespace

model::Verdict tls_certificate_revoked(const model::Observation& seen, const base::Json&) {
    return judge_certificates(seen, [](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        for (const auto& facts : endpoint.revocation) {
            if (facts.status == model::Revocation::revoked) {
                return {model::completed(), revocation_evidence(endpoint, facts), {}};
            }
        }
        return {
            endpoint.revocation_outcome, {}, {}}; // a list that cannot be had is no word on the certificate
    });
}

} // namespace fengsui::check
