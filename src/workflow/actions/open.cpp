// open:rule — deadlines that the event starts.
#include "workflow/actions/action.h"
#include "workflow/engine/obligations.h"

namespace fengsui::workflow {

void act_open(ActionCall& call) {
    open_obligations(call.op, call.record, call.argument, call.event);
}

} // namespace fengsui::workflow
