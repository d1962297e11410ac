#include "check/common/dangling.h"

namespace fengsui::check {

model::Verdict dns_dangling_mx(const model::Observation& seen, const base::Json&) {
    using model::Reason;
    const auto& mail = seen.mail;
    model::Verdict verdict{mail.mx_outcome, {}};
    if (!verdict.outcome.is_completed()) {
        return verdict;
    }
    std::optional<model::Outcome> blind;
    for (const auto& exchanger : mail.exchangers) {
        const auto& outcome = exchanger.resolution.outcome;
        const bool is_missing = outcome == model::not_reached(Reason::dns_nxdomain);
        if (!outcome.is_completed() && !is_missing) {
            verdict.unseen.push_back(exchanger.name);
            blind = outcome;
        }
        if (!is_missing) {
            continue;
        }
        const auto evidence = base::Json::object({
            {"domain", seen.target.host},
            {"exchanger", exchanger.name},
            {"preference", exchanger.preference},
            {"does_not_exist", exchanger.nonexistent},
            {"dns", exchanger.nonexistent.empty() ? "no address" : "NXDOMAIN"},
        });
        verdict.claims.push_back(
            {exchanger.name, evidence, dangling_severity(exchanger.nonexistent, seen.target.host)}
        );
    }
    if (blind && verdict.unseen.size() == mail.exchangers.size()) {
        verdict.outcome = *blind;
    }
    return verdict;
}

} // namespace fengsui::check
