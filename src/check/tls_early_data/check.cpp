#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_early_data(base::Json& evidence, const model::TlsEndpoint& endpoint) {
    evidence.set("max_early_data", static_cast<std::int64_t>(endpoint.max_early_data));
    set_level(evidence, kInsufficient);
}

} // namespace

model::Verdict tls_early_data(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.early_data;
    };
    return judge_fact(seen, fact, model::Offered::yes, describe_early_data);
}

} // namespace fengsui::check
