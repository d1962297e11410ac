#include "model/check.h"

#include "check/common/mail_tags.h"
#include "model/mail_policy.h"

#include <algorithm>

namespace fengsui::check {

model::Verdict mail_tls_rpt_missing(const model::Observation& seen, const base::Json&) {
    const auto& mail = seen.mail;
    if (!mail.mx_outcome.is_completed()) {
        return {mail.mx_outcome, {}};
    }
    if (mail.has_null_mx || mail.exchangers.empty()) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    if (!mail.tls_rpt.outcome.is_completed()) {
        return {mail.tls_rpt.outcome, {}};
    }
    if (mail.tls_rpt.records.size() == 1 && model::is_tls_rpt(mail.tls_rpt.records.front())) {
        return {};
    }
    const bool has_dane = std::any_of(
        mail.exchangers.begin(),
        mail.exchangers.end(),
        [](const model::MailExchanger& exchanger) {
            return exchanger.tlsa.is_secure && !exchanger.tlsa.records.empty();
        }
    );
    const bool has_sts = !mail.mta_sts.record.records.empty();
    const auto evidence = base::Json::object({
        {"domain", seen.target.host},
        {"name", mail.tls_rpt.name},
        {"records", shown_records(mail.tls_rpt.records)},
        {"mta_sts", has_sts},
        {"dane", has_dane},
    });
    // Where nothing is enforced a missing report costs little: it is only said.
    const auto severity = has_sts || has_dane ? model::Severity::low : model::Severity::info;
    return {model::completed(), {{"", evidence, severity}}};
}

} // namespace fengsui::check
