#include "check/common/tls_endpoints.h"

namespace fengsui::check {

namespace {

std::optional<std::string> expiry_fault(const model::CertificateFacts& facts, base::Instant judged_at) {
    // RFC 5280 4.1.2.5: the period includes notAfter itself.
    if (facts.not_after >= judged_at) {
        return std::nullopt;
    }
    return "expired at " + base::format_rfc3339(facts.not_after);
}

} // namespace

model::Verdict tls_certificate_expired(const model::Observation& seen, const base::Json&) {
    return judge_certificates(seen, [&](const model::TlsEndpoint& endpoint) {
        return first_fault(endpoint, path_positions(endpoint), [&](const auto& facts) {
            return expiry_fault(facts, seen.judged_at);
        });
    });
}

} // namespace fengsui::check
