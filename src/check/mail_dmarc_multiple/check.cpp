#include "model/check.h"

#include "check/common/mail_tags.h"

namespace fengsui::check {

model::Verdict mail_dmarc_multiple(const model::Observation& seen, const base::Json&) {
    const auto& dmarc = seen.mail.dmarc;
    const auto records = dmarc_records(dmarc.records);
    if (!dmarc.outcome.is_completed() || records.size() < 2) {
        return {dmarc.outcome, {}};
    }
    const auto evidence = base::Json::object({
        {"domain", seen.target.host},
        {"name", dmarc.name},
        {"count", static_cast<std::uint64_t>(records.size())},
        {"records", shown_records(records)},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
