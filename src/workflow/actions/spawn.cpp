// spawn:x — a record that grows out of this one: an incident out of an escalated case.
#include "workflow/actions/action.h"
#include "workflow/engine/collections.h"

namespace fengsui::workflow {

void act_spawn(ActionCall& call) {
    auto& op = call.op;
    if (call.argument != "incident") {
        return; // tasks are spawned where activities are
    }
    auto incident = op.begin("incidents", "i", call.record.unit);
    incident.drill = call.record.drill;
    incident.body = Json::object({
        {"title", title_of(call.record)},
        {"origin", call.record.id},
        {"known_at", base::format_rfc3339(op.now)},
        {"grade", nullptr},
        {"grade_history", Json::array()},
    });
    op.insert(incident);
    call.record.body.set("incident", incident.id);
}

} // namespace fengsui::workflow
