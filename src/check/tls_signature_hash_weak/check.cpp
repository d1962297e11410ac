#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_signature_hash_weak(base::Json& evidence, const model::TlsEndpoint& endpoint) {
    evidence.set("accepted_signature", endpoint.weak_signature.name);
    set_level(evidence, kInsufficient);
}

} // namespace

model::Verdict tls_signature_hash_weak(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.weak_signature.offered;
    };
    return judge_fact(seen, fact, model::Offered::yes, describe_signature_hash_weak);
}

} // namespace fengsui::check
