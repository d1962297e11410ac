// number — the next number of the series of its type and year.
#include "workflow/actions/action.h"

namespace fengsui::workflow {

void act_number(ActionCall& call) {
    auto& op = call.op;
    const auto& record = call.record;
    const std::string type =
        record.collection == "notices" ? record["type"].as_string() : std::string(record.wf);
    const int year = static_cast<int>(op.calendar_of(record.unit).date_of(op.now).year());
    // One series for the whole house: two documents never bear one number.
    const auto number = op.records.next_number(Rulebook::series_key(type, year, ""));
    call.record.body.set("doc_no", op.parts.rulebook.format_number(type, year, number, base::Language::zh));
    if (call.record["issued_at"].is_null()) {
        call.record.body.set("issued_at", base::format_rfc3339(op.now));
    }
}

} // namespace fengsui::workflow
