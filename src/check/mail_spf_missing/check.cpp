#include "model/check.h"

#include "check/common/mail_tags.h"

namespace fengsui::check {

model::Verdict mail_spf_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    const auto& spf = seen.mail.spf;
    if (!spf.outcome.is_completed()) {
        return {spf.outcome, {}};
    }
    if (!spf_records(spf.records).empty()) {
        return {};
    }
    const auto evidence =
        base::Json::object({{"domain", seen.target.host}, {"records", base::Json::array()}});
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
