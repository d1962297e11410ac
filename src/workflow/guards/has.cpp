// has:x — something is given, in the form that its name asks for.
#include "workflow/engine/basis.h"
#include "workflow/engine/times.h"
#include "workflow/guards/guard.h"

namespace fengsui::workflow {

namespace {

bool is_given(const Json& value) {
    if (value.is_null()) {
        return false;
    }
    if (value.is_string()) {
        return value.as_string().find_first_not_of(" \t\r\n") != std::string::npos;
    }
    return (!value.is_array() || !value.items().empty()) && (!value.is_object() || !value.members().empty());
}

bool is_signer(const Json& value) {
    return value.is_object() && is_given(value["name"]) && value["name"].is_string();
}

/// A list of laws in force on the day of the action; one that is not gets its successor named.
bool is_basis(GuardCall& call, const Json& value) {
    const auto judged = judge_bases(
        call.op.parts.rulebook, value, call.op.calendar_of(call.record.unit).date_of(call.op.now)
    );
    if (!judged.suggest.empty()) {
        call.answer.set("suggest", judged.suggest);
    }
    return judged.is_well_formed && judged.suggest.empty();
}

bool is_new_due(const GuardCall& call, const Json& value) {
    const auto due = call.record.due;
    if (!due) {
        return false;
    }
    const auto moved = moved_due(value, *due, call.op.calendar_of(call.record.unit));
    return moved && *moved > *due;
}

} // namespace

bool is_met_has(GuardCall& call) {
    const auto& name = call.guard->name;
    if (name == "recipient") {
        return !call.record.unit.empty();
    }
    const auto& value = value_of(call.record, call.input, name);
    if (!is_given(value)) {
        return false;
    }
    if (name == "signer") {
        return is_signer(value);
    }
    if (name == "basis") {
        return is_basis(call, value);
    }
    if (name == "new_due") {
        return is_new_due(call, value);
    }
    if (name == "expires_at") {
        const auto at = point_in_time(value, call.op.calendar_of(call.record.unit));
        return at && *at > call.op.now;
    }
    return name != "reason" || value.is_string();
}

} // namespace fengsui::workflow
