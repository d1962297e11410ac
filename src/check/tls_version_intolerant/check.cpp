#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

void describe_version_intolerant(base::Json& evidence, const model::TlsEndpoint& endpoint) {
    evidence.set("intolerant_of", endpoint.version_intolerance.name);
}

} // namespace

model::Verdict tls_version_intolerant(const model::Observation& seen, const base::Json&) {
    const auto fact = [](const model::TlsEndpoint& endpoint) {
        return endpoint.version_intolerance.offered;
    };
    return judge_fact(seen, fact, model::Offered::yes, describe_version_intolerant);
}

} // namespace fengsui::check
