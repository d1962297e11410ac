#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_certificate_chain_order(const model::Observation& seen, const base::Json&) {
    return judge_certificates(seen, [](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        if (endpoint.is_chain_ordered || endpoint.trust == model::Trust::self_signed) {
            return {};
        }
        base::Json evidence = endpoint_evidence(endpoint);
        base::Json sent = base::Json::array();
        for (const auto& facts : endpoint.chain) {
            sent.push(base::Json::object(
                {{"subject", facts.subject}, {"issuer", facts.issuer}, {"sha256", facts.sha256}}
            ));
        }
        evidence.set("sent", std::move(sent));
        return {model::completed(), std::move(evidence), {}};
    });
}

} // namespace fengsui::check
