#include "model/check.h"

#include "base/text.h"
#include "check/common/mail_tags.h"

namespace fengsui::check {

model::Verdict mail_spf_multiple(const model::Observation& seen, const base::Json&) {
    const auto& spf = seen.mail.spf;
    const auto records = spf_records(spf.records);
    if (records.size() < 2) {
        return {spf.outcome, {}}; // several are several, even where what one of them leads to was not seen
    }
    const auto evidence = base::Json::object({
        {"domain", spf.name.empty() ? seen.target.host : spf.name},
        {"count", static_cast<std::uint64_t>(records.size())},
        {"records", shown_records(records)},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
