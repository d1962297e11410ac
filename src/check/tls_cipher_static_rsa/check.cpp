#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_cipher_static_rsa(const model::Observation& seen, const base::Json&) {
    using model::Offered;
    return judge_endpoints(seen, [](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        if (endpoint.static_rsa == Offered::unknown) {
            const bool spoke = endpoint.outcome.is_completed();
            return {spoke ? model::not_reached(model::Reason::timeout) : endpoint.outcome, {}, {}};
        }
        if (endpoint.static_rsa == Offered::no) {
            return {};
        }
        base::Json evidence = endpoint_evidence(endpoint);
        evidence.set("accepted_cipher", endpoint.static_rsa_cipher);
        return {model::completed(), std::move(evidence), {}};
    });
}

} // namespace fengsui::check
