// A reply of the unit: item by item.
#include "workflow/entities/entity.h"

namespace fengsui::workflow {

Record create_response(Operation& op, const Json& body) {
    const auto id = required_text(body, "notice");
    const auto notice = op.find("notices", id);
    if (!notice || !op.actor.can_see(notice->unit) || (*notice)["issued_at"].is_null()) {
        refuse_reference("notice");
    }
    if (notice->state != "received" && notice->state != "issued") {
        throw Refusal(RefusalKind::wrong_state, "the notice is " + notice->state + " and takes no reply");
    }
    auto response = op.begin("responses", "p", notice->unit);
    response.drill = notice->drill;
    response.body = Json::object({
        {"notice", notice->id},
        {"items", response_items(*notice, member(body, "items", &Json::is_array))},
        {"signer", body["signer"]},
        {"submitted_at", nullptr},
    });
    op.insert(response);
    return response;
}

} // namespace fengsui::workflow
