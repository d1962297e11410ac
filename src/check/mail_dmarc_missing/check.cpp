#include "model/check.h"

#include "base/text.h"
#include "check/common/mail_tags.h"

namespace fengsui::check {

model::Verdict mail_dmarc_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    const auto& dmarc = seen.mail.dmarc;
    if (!dmarc.outcome.is_completed()) {
        return {dmarc.outcome, {}};
    }
    const auto policies = dmarc_records(dmarc.records);
    if (policies.size() == 1) {
        return {};
    }
    base::Json records = base::Json::array();
    for (const auto& policy : policies) { // several at one name are treated as none (RFC 9989)
        records.push(base::shorten(base::scrub_utf8(policy), 512));
    }
    const auto evidence =
        base::Json::object({{"domain", seen.target.host}, {"name", dmarc.name}, {"records", records}});
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
