// max_extensions — a term is extended once (cases.md 2.5).
#include "workflow/guards/guard.h"

namespace fengsui::workflow {

bool is_met_max_extensions(const GuardCall& call) {
    return call.record["extensions"].as_int() < 1;
}

} // namespace fengsui::workflow
