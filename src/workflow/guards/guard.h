// The closed list of guards, one file each. A guard only looks.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

struct GuardCall {
    Operation& op;
    const Record& record; ///< before the transition
    const Json& input;    ///< the action's body
    const Guard* guard = nullptr;
    Json answer; ///< members for the refusal, such as `suggest`
};

bool is_met(GuardCall& call);

bool is_met_has(GuardCall& call);
bool is_met_not_author(const GuardCall& call);
bool is_met_all(GuardCall& call);
bool is_met_eq(const GuardCall& call);
bool is_met_max_extensions(const GuardCall& call);

/// The member of the action's body, else of the record.
const Json& value_of(const Record& record, const Json& input, std::string_view name);
/// Whether the newest re-check of the case passed or was waived, or an approver closed it by evidence.
bool is_verified_fixed(Operation& op, std::string_view case_id);

} // namespace fengsui::workflow
