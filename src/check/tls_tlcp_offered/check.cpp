#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_tlcp_offered(base::Json& evidence, const model::TlsEndpoint& endpoint) {
    evidence.set("cipher", endpoint.tlcp.cipher);
    evidence.set("certificates_sent", static_cast<std::uint64_t>(endpoint.tlcp.chain.size()));
    evidence.set("also_tls", endpoint.outcome.is_completed());
}

} // namespace

model::Verdict tls_tlcp_offered(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.tlcp.offered;
    };
    return judge_fact(seen, fact, model::Offered::yes, describe_tlcp_offered);
}

} // namespace fengsui::check
