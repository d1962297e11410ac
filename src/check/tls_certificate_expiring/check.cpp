#include "check/common/tls_endpoints.h"

namespace fengsui::check {

namespace {

std::chrono::days days(const base::Json& count) {
    return std::chrono::days(count.as_int());
}

/// A certificate made for a few days (CA/Browser Forum BR 1.6.1, "short-lived") is renewed by a program;
/// it is late only when less than a third of its life is left.
bool is_fresh_short_lived(
    const model::CertificateFacts& leaf, std::chrono::milliseconds left, const base::Json& parameters
) {
    const auto life = leaf.not_after - leaf.not_before;
    return life <= days(parameters["short_lived_days"]) && left * 3 > life;
}

} // namespace

model::Verdict tls_certificate_expiring(const model::Observation& seen, const base::Json& parameters) {
    return judge_certificates(seen, [&](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        const auto& leaf = endpoint.chain.front();
        const auto left = leaf.not_after - seen.judged_at;
        const bool is_valid = leaf.not_before <= seen.judged_at && left >= left.zero();
        if (!is_valid || left > days(parameters["within_days"])
            || is_fresh_short_lived(leaf, left, parameters)) {
            return {};
        }
        base::Json evidence = endpoint_evidence(endpoint);
        add_certificate(evidence, endpoint, 0);
        evidence.set("days_left", std::chrono::floor<std::chrono::days>(left).count());
        EndpointAnswer answer{model::completed(), std::move(evidence), {}};
        if (left <= days(parameters["soon_days"])) {
            answer.severity = model::Severity::medium;
        }
        return answer;
    });
}

} // namespace fengsui::check
