#include "model/check.h"

#include "base/text.h"
#include "check/common/software_detect.h"

namespace fengsui::check {

model::Verdict software_detected(const model::Observation& seen, const base::Json& parameters) {
    model::Verdict verdict;
    for (const auto& found : detect_software(seen.web, parameters["signatures"])) {
        verdict.claims.push_back({base::to_lower(found.product), found.evidence(), {}});
    }
    return verdict;
}

} // namespace fengsui::check
