#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_compression(base::Json& evidence, const model::TlsEndpoint&) {
    evidence.set("compression", "DEFLATE");
    set_level(evidence, kInsufficient);
}

} // namespace

model::Verdict tls_compression(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.compression;
    };
    return judge_fact(seen, fact, model::Offered::yes, describe_compression);
}

} // namespace fengsui::check
