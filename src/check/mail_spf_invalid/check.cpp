#include "check/common/mail_spf.h"

namespace fengsui::check {

model::Verdict mail_spf_invalid(const model::Observation& seen, const base::Json&) {
    using model::SpfFault;
    auto verdict =
        judge_spf(seen, {SpfFault::syntax, SpfFault::no_record, SpfFault::several_records, SpfFault::loop});
    const auto report = spf_report(seen);
    const bool is_multiple = report.look_ups == 0 && !report.problems.empty()
                             && report.problems.front().fault == SpfFault::several_records;
    if (is_multiple) {
        verdict.claims.clear(); // of its own records: mail.spf_multiple
    }
    return verdict;
}

} // namespace fengsui::check
