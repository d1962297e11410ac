// One claim for each confirmed open port of some kind.
#pragma once

#include "model/observation.h"

namespace fengsui::check {

/// Of the kinds that `wanted` says yes to.
model::Verdict port_claims(const model::Observation& seen, bool (*wanted)(model::PortKind));

} // namespace fengsui::check
