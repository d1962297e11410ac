#pragma once

#include "workflow/definition.h"

namespace fengsui::workflow {

/// Adds what is wrong with the whole: unknown states, two ways out by one event, unreachable states, dead
/// ends.
void judge_definition(const Definition& definition, Faults& faults);

} // namespace fengsui::workflow
