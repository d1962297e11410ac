#include "model/check.h"

#include "check/common/integrity_views.h"

namespace fengsui::check {

model::Verdict integrity_replaced(const model::Observation& seen, const base::Json&) {
    const auto found = confirmed_change(seen);
    if (found.why_not) {
        return {*found.why_not, {}};
    }
    if (found.change != model::PageChange::replaced) {
        return {};
    }
    return {model::completed(), {{"", change_evidence(seen, found), {}}}};
}

} // namespace fengsui::check
