// Which line of releases a version belongs to.
#pragma once

#include "check/common/software_detect.h"
#include "model/knowledge.h"

namespace fengsui::check {

/// The longest cycle name that `version` lies in: 8.1.2 in 8.1, 1.0.2k in 1.0.2. Null: none.
const model::ReleaseCycle* cycle_of(const std::vector<model::ReleaseCycle>& cycles, std::string_view version);

/// The product's cycles in the operator's data, or null.
const std::vector<model::ReleaseCycle>* cycles_of(const model::Observation& seen, std::string_view product);

} // namespace fengsui::check
