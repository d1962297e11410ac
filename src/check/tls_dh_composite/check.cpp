#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

using model::Primality;

EndpointAnswer judge_primality(const model::TlsEndpoint& endpoint) {
    const auto& dh = endpoint.dh;
    if (dh.primality == Primality::unknown) {
        const bool is_known = dh.offered == model::Offered::no;
        const bool is_untested = dh.bits > 0; // too large to test
        return {
            is_known      ? model::completed()
            : is_untested ? model::skipped(model::Reason::not_applicable)
                          : blindness(endpoint),
            {},
            {}};
    }
    if (dh.primality == Primality::safe_prime) {
        return {};
    }
    base::Json evidence = endpoint_evidence(endpoint);
    evidence.set("bits", dh.bits);
    evidence.set("group", dh.group.empty() ? "its own" : dh.group);
    evidence.set("cipher", dh.suite);
    evidence.set(
        "fault", dh.primality == Primality::composite ? "p is not a prime" : "(p-1)/2 is not a prime"
    );
    return {model::completed(), std::move(evidence), {}};
}

} // namespace

model::Verdict tls_dh_composite(const model::Observation& seen, const base::Json&) {
    return judge_endpoints(seen, judge_primality);
}

} // namespace fengsui::check
