#include "check/common/tls_endpoints.h"
#include "check/common/tls_names.h"

namespace fengsui::check {

model::Verdict tls_certificate_no_san(const model::Observation& seen, const base::Json&) {
    return judge_certificates(seen, [](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        const auto& leaf = endpoint.chain.front();
        if (has_names(leaf)) {
            return {};
        }
        base::Json evidence = endpoint_evidence(endpoint);
        add_certificate(evidence, endpoint, 0);
        evidence.set("common_name", leaf.common_name);
        return {model::completed(), std::move(evidence), {}};
    });
}

} // namespace fengsui::check
