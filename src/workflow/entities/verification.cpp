// A re-check asked for by an officer.
#include "workflow/engine/verification.h"

#include "workflow/entities/entity.h"

namespace fengsui::workflow {

Record create_verification(Operation& op, const Json& body) {
    const auto id = required_text(body, "case");
    const auto record_of_case = op.find("cases", id);
    if (!record_of_case || !op.actor.can_see(record_of_case->unit)) {
        refuse_reference("case");
    }
    if (has_open_verification(op, id)) {
        throw Refusal(RefusalKind::wrong_state, "a re-check of that case is planned or under way already");
    }
    return *op.find("verifications", plan_verification(op, *record_of_case));
}

} // namespace fengsui::workflow
