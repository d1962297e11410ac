#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_cipher_order(base::Json& evidence, const model::TlsEndpoint& endpoint) {
    evidence.set("chosen", endpoint.suite_order.chosen);
    evidence.set("instead_of", endpoint.suite_order.instead);
    evidence.set("order", endpoint.suite_order.is_own_order ? "the server's own" : "the client's");
    set_level(evidence, kInsufficient);
}

} // namespace

model::Verdict tls_cipher_order(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.suite_order.takes_weaker;
    };
    return judge_fact(seen, fact, model::Offered::yes, describe_cipher_order);
}

} // namespace fengsui::check
