#include "workflow/guards/guard.h"

namespace fengsui::workflow {

bool is_met(GuardCall& call) {
    switch (call.guard->kind) {
    case GuardKind::has:
        return is_met_has(call);
    case GuardKind::not_author:
        return is_met_not_author(call);
    case GuardKind::all:
        return is_met_all(call);
    case GuardKind::eq:
        return is_met_eq(call);
    case GuardKind::max_extensions:
        return is_met_max_extensions(call);
    }
    return false;
}

const Json& value_of(const Record& record, const Json& input, std::string_view name) {
    const auto* sent = input.find(name);
    return sent != nullptr ? *sent : record[name];
}

} // namespace fengsui::workflow
