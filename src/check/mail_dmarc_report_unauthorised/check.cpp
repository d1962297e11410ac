#include "model/check.h"

#include "check/common/mail_tags.h"

namespace fengsui::check {

model::Verdict mail_dmarc_report_unauthorised(const model::Observation& seen, const base::Json&) {
    const auto& mail = seen.mail;
    model::Verdict verdict{mail.dmarc.outcome, {}};
    bool is_any_seen = mail.report_destinations.empty();
    for (const auto& destination : mail.report_destinations) {
        const auto& lookup = destination.authorisation;
        if (!lookup.outcome.is_completed()) {
            verdict.unseen.push_back(destination.domain);
            continue;
        }
        is_any_seen = true;
        if (dmarc_records(lookup.records).empty()) {
            const auto evidence = base::Json::object({
                {"domain", seen.target.host},
                {"receiver", destination.domain},
                {"name", lookup.name},
                {"records", shown_records(lookup.records)},
            });
            verdict.claims.push_back({destination.domain, evidence, {}});
        }
    }
    if (!is_any_seen && verdict.outcome.is_completed()) {
        verdict.outcome = mail.report_destinations.front().authorisation.outcome;
    }
    return verdict;
}

} // namespace fengsui::check
