// An authority's calendar: the newest holds for due dates set from then on.
#include "workflow/entities/entity.h"

namespace fengsui::workflow {

Record create_calendar(Operation& op, const Json& body) {
    const model::UnitId unit(required_text(body, "unit"));
    if (!op.actor.can_see(unit) || !op.tree.find(unit)) {
        refuse_reference("unit");
    }
    auto parsed = parse_calendar(body);
    if (!parsed.faults.empty()) {
        throw Refusal(RefusalKind::malformed, to_text(parsed.faults));
    }
    auto record = op.begin("calendars", "k", unit);
    record.body = parsed.calendar.to_json();
    record.body.set("unit", unit.str());
    op.insert(record);
    return record;
}

} // namespace fengsui::workflow
