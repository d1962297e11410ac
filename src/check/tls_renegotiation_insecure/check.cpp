#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_renegotiation_insecure(base::Json& evidence, const model::TlsEndpoint&) {
    evidence.set("missing_extension", "renegotiation_info");
    set_level(evidence, kInsufficient);
}

} // namespace

model::Verdict tls_renegotiation_insecure(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.secure_renegotiation;
    };
    return judge_fact(seen, fact, model::Offered::no, describe_renegotiation_insecure);
}

} // namespace fengsui::check
