#include "check/common/tls_endpoints.h"

namespace fengsui::check {

namespace {

std::optional<std::string> start_fault(const model::CertificateFacts& facts, base::Instant judged_at) {
    if (facts.not_before <= judged_at) {
        return std::nullopt;
    }
    return "valid only from " + base::format_rfc3339(facts.not_before);
}

} // namespace

model::Verdict tls_certificate_not_yet_valid(const model::Observation& seen, const base::Json&) {
    return judge_certificates(seen, [&](const model::TlsEndpoint& endpoint) {
        return first_fault(endpoint, path_positions(endpoint), [&](const auto& facts) {
            return start_fault(facts, seen.judged_at);
        });
    });
}

} // namespace fengsui::check
