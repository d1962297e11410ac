#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_curve_weak(const model::Observation& seen, const base::Json&) {
    return judge_endpoints(seen, [](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        const auto& curve = endpoint.weak_curve;
        if (curve.offered != model::Offered::yes) {
            const bool is_known = curve.offered == model::Offered::no;
            return {is_known ? model::completed() : blindness(endpoint), {}, {}};
        }
        base::Json evidence = endpoint_evidence(endpoint);
        evidence.set("accepted_curve", curve.name);
        // NCSC-NL 2025-05 table 10: secp224r1 is to be phased out, all else outside its list is insufficient.
        const bool is_phase_out = curve.name == "secp224r1";
        set_level(evidence, is_phase_out ? kPhaseOut : kInsufficient);
        const auto severity = is_phase_out ? std::optional(model::Severity::info) : std::nullopt;
        return {model::completed(), std::move(evidence), severity};
    });
}

} // namespace fengsui::check
