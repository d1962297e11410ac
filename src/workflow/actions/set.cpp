// set:x — a member that the event changes.
#include "workflow/actions/action.h"

namespace fengsui::workflow {

void act_set(ActionCall& call) {
    auto& body = call.record.body;
    if (call.argument == "recurrence") {
        // The run that saw it again has counted already when it had been absent before.
        const bool is_counted = call.input["counted"].as_bool();
        body.set("recurrence", body["recurrence"].as_int() + (is_counted ? 0 : 1));
    } else if (const auto* sent = call.input.find(call.argument)) {
        body.set(call.argument, *sent);
    }
}

} // namespace fengsui::workflow
