// recheck — plans the targeted re-check of the case's findings, unless one is under way.
#include "workflow/actions/action.h"
#include "workflow/engine/verification.h"

namespace fengsui::workflow {

void act_recheck(ActionCall& call) {
    plan_verification(call.op, call.record);
}

} // namespace fengsui::workflow
