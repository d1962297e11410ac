#include "model/check.h"

#include "check/common/mail_tags.h"

namespace fengsui::check {

model::Verdict mail_dmarc_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    const auto& dmarc = seen.mail.dmarc;
    if (!dmarc.outcome.is_completed()) {
        return {dmarc.outcome, {}};
    }
    // Several are mail.dmarc_multiple; one that nobody can read is mail.dmarc_invalid.
    if (!dmarc_records(dmarc.records).empty() || !seen.mail.dmarc_misspelt.empty()) {
        return {};
    }
    const auto evidence = base::Json::object(
        {{"domain", seen.target.host}, {"name", dmarc.name}, {"records", base::Json::array()}}
    );
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
