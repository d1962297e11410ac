// What the SPF checks share: the evaluation's problems as claims.
#pragma once

#include "model/check.h"
#include "model/spf.h"

namespace fengsui::check {

/// The domain's record evaluated from the answers that the probe brought.
model::SpfReport spf_report(const model::Observation& seen);

/// One claim with the problems of `faults`, if there are any. What could not be seen is said as outcome only
/// when nothing was found.
model::Verdict judge_spf(const model::Observation& seen, const std::vector<model::SpfFault>& faults);

} // namespace fengsui::check
