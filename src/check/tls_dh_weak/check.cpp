#include "check/common/tls_hellos.h"

namespace fengsui::check {

namespace {

constexpr int kBreakable = 1024;  // CVE-2015-4000: 512 bits within hours, 1024 by nations
constexpr int kSufficient = 2048; // RFC 9325 4.1
constexpr int kGood = 3072;       // NCSC-NL 2025-05: only RFC 7919 groups from here on stay until phased out

bool is_published_group(const model::DhFacts& dh) {
    return dh.group.starts_with("ffdhe") && dh.bits >= kGood;
}

EndpointAnswer judge_dh(const model::TlsEndpoint& endpoint) {
    const auto& dh = endpoint.dh;
    if (dh.bits == 0) {
        const bool is_known = dh.offered == model::Offered::no;
        return {is_known ? model::completed() : blindness(endpoint), {}, {}};
    }
    if (is_published_group(dh)) {
        return {};
    }
    base::Json evidence = endpoint_evidence(endpoint);
    evidence.set("bits", dh.bits);
    evidence.set("group", dh.group.empty() ? "its own" : dh.group);
    evidence.set("cipher", dh.suite);
    set_level(evidence, dh.bits < kSufficient ? kInsufficient : kPhaseOut);
    const auto severity = dh.bits <= kBreakable   ? model::Severity::high
                          : dh.bits < kSufficient ? model::Severity::medium
                                                  : model::Severity::info;
    return {model::completed(), std::move(evidence), severity};
}

} // namespace

model::Verdict tls_dh_weak(const model::Observation& seen, const base::Json&) {
    return judge_endpoints(seen, judge_dh);
}

} // namespace fengsui::check
