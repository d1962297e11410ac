#include "check/common/mail_spf.h"

namespace fengsui::check {

model::Verdict mail_spf_lookup_limit(const model::Observation& seen, const base::Json&) {
    using model::SpfFault;
    return judge_spf(seen, {SpfFault::too_many_lookups, SpfFault::too_many_voids, SpfFault::too_many_mx});
}

} // namespace fengsui::check
