#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_tls13_missing(const model::Observation& seen, const base::Json&) {
    using model::Offered;
    return judge_endpoints(seen, [](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        if (!endpoint.outcome.is_completed()) {
            return {endpoint.outcome, {}, {}};
        }
        if (endpoint.tls13 == Offered::unknown) {
            return {model::not_reached(model::Reason::timeout), {}, {}};
        }
        if (endpoint.tls13 == Offered::yes) {
            return {};
        }
        base::Json evidence = endpoint_evidence(endpoint);
        evidence.set("negotiated_version", endpoint.version);
        evidence.set("cipher", endpoint.cipher);
        return {model::completed(), std::move(evidence), {}};
    });
}

} // namespace fengsui::check
