#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_client_certificate_required(const model::Observation& seen, const base::Json&) {
    using model::ClientCertificate;
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        if (endpoint.client_certificate == ClientCertificate::unknown) {
            return model::Offered::unknown;
        }
        const bool is_required = endpoint.client_certificate == ClientCertificate::required;
        return is_required ? model::Offered::yes : model::Offered::no;
    };
    const auto describe = [](base::Json& evidence, const model::TlsEndpoint& endpoint) {
        const bool is_open = endpoint.outcome.is_completed();
        evidence.set(
            "handshake", is_open ? "completed without a certificate" : "refused without a certificate"
        );
    };
    return judge_fact(seen, fact, model::Offered::yes, describe);
}

} // namespace fengsui::check
