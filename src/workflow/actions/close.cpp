// close:rule — deadlines that are met: at the time when the debtor handed in what was accepted.
#include "workflow/actions/action.h"
#include "workflow/engine/obligations.h"

namespace fengsui::workflow {

void act_close(ActionCall& call) {
    close_obligations(call.op, call.record, call.argument);
}

} // namespace fengsui::workflow
