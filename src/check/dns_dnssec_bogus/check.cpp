#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict dns_dnssec_bogus(const model::Observation& seen, const base::Json&) {
    using model::DnssecState;
    if (!names_a_host(seen.target)) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    const auto& dnssec = seen.zone.dnssec;
    if (!dnssec.outcome.is_completed() || dnssec.state != DnssecState::bogus) {
        return {dnssec.outcome, {}};
    }
    const auto evidence = base::Json::object({
        {"name", seen.target.host},
        {"zone", dnssec.zone},
        {"state", to_string(dnssec.state)},
        {"judged_by", dnssec.is_judged_by_anchor ? "trust anchor" : "resolver"},
        {"detail", dnssec.detail},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
