#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict dns_dnssec_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::Reason;
    using model::skipped;
    if (!names_a_host(seen.target)) {
        return {skipped(Reason::not_applicable), {}};
    }
    const auto& dnssec = seen.zone.dnssec;
    if (!dnssec.outcome.is_completed()) {
        return {dnssec.outcome, {}};
    }
    if (dnssec.is_authenticated || dnssec.is_signed) {
        return {};
    }
    const auto evidence = base::Json::object({
        {"name", seen.target.host},
        {"zone", dnssec.zone},
        {"rrsig", false},
        {"authenticated", false},
    });
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
