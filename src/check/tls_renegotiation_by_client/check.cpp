#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_renegotiation_by_client(base::Json& evidence, const model::TlsEndpoint&) {
    evidence.set("attempts", 1);
    evidence.set("accepted", 1);
}

} // namespace

model::Verdict tls_renegotiation_by_client(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.client_renegotiation;
    };
    return judge_fact(seen, fact, model::Offered::yes, describe_renegotiation_by_client);
}

} // namespace fengsui::check
