// render — the document as it leaves: HTML and PDF, kept by their digest.
#include "workflow/actions/action.h"
#include "workflow/engine/documents.h"
#include "workflow/engine/obligations.h"

namespace fengsui::workflow {

void act_render(ActionCall& call) {
    if (call.record.collection == "notices" && !call.record.due) {
        call.record.due = due_to_be(call.op, call.record, "notice.fix"); // the document names it
    }
    const auto kind = call.record.collection == "notices" ? call.record["type"].as_string() : call.record.wf;
    const auto made = make_document(call.op, call.record, {kind, "notice"});
    call.record.body.set("document", made.html);
    call.record.body.set("body_sha256", made.body_sha256);
}

} // namespace fengsui::workflow
