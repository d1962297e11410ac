// move:rule — an extension: the new due time with reason and author.
#include "workflow/actions/action.h"
#include "workflow/engine/obligations.h"
#include "workflow/engine/times.h"

namespace fengsui::workflow {

void act_move(ActionCall& call) {
    auto& op = call.op;
    auto& record = call.record;
    FENGSUI_CHECK(record.due.has_value(), "has:new_due lets only records with a due time through");
    const auto due = moved_due(
        call.input["new_due"].is_null() ? record["new_due"] : call.input["new_due"],
        *record.due,
        op.calendar_of(record.unit)
    );
    if (!due) {
        return;
    }
    move_obligations(op, record, call.argument, *due, call.input["reason"].as_string());
    record.due = *due;
    record.body.set("extensions", record["extensions"].as_int() + 1);
}

} // namespace fengsui::workflow
