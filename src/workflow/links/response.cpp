// A reply: handing it in answers the notice, returning it asks for another.
#include "workflow/links/links.h"

namespace fengsui::workflow {

namespace {

void after_submit(Operation& op, const Record& response) {
    auto submitted = *op.find("responses", response.id);
    submitted.body.set("submitted_at", base::format_rfc3339(op.now));
    op.save(submitted, "handed_in", submitted.state, "");
    const auto& notice = response["notice"].as_string();
    if (!follow(op, "notices", notice, "reply")) {
        throw Refusal(
            RefusalKind::wrong_state, "the notice takes no reply now: it must have been received first"
        );
    }
    const auto authority = op.tree.authority_of(response.unit);
    if (const auto answered = op.find("notices", notice)) {
        op.tell(*answered, {"reply", authority ? authority->id.str() : "", "officer", {}, {}, {}});
    }
}

} // namespace

void link_response(Operation& op, const Record& response, std::string_view event, const Json& input) {
    const auto& notice_id = response["notice"].as_string();
    if (event == "submit") {
        after_submit(op, response);
    } else if (event == "return") {
        follow(op, "notices", notice_id, "return", input);
    } else if (event == "accept") {
        const auto notice = op.find("notices", notice_id);
        if (notice && (*notice)["case"].as_string().empty()) {
            follow(op, "notices", notice_id, "finish"); // no case, so nothing to re-check
        }
    }
}

} // namespace fengsui::workflow
