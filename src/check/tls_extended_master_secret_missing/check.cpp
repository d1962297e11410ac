#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_extended_master_secret_missing(base::Json& evidence, const model::TlsEndpoint&) {
    evidence.set("missing_extension", "extended_master_secret");
    evidence.set("version", "TLSv1.2");
    set_level(evidence, kInsufficient);
}

} // namespace

model::Verdict tls_extended_master_secret_missing(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.extended_master_secret;
    };
    return judge_fact(seen, fact, model::Offered::no, describe_extended_master_secret_missing);
}

} // namespace fengsui::check
