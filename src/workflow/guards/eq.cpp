// eq:name=value, eq:name<number — a member of the record.
#include "workflow/guards/guard.h"

namespace fengsui::workflow {

bool is_met_eq(const GuardCall& call) {
    const auto& guard = *call.guard;
    const auto& value = call.record[guard.name];
    if (guard.relation == '<') {
        return value.as_int() < guard.bound;
    }
    return (value.is_int() ? std::to_string(value.as_int()) : value.as_string()) == guard.value;
}

} // namespace fengsui::workflow
