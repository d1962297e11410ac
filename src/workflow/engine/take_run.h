// Runs of any tool, and what they mean for findings, cases and re-checks.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

/// contract_rest.md 6.3 `run`; answers the run.
Json take_run(Operation& op, const Json& body);
/// After a run has looked at an asset: closed findings seen again are reopened, absent ones of a case get a
/// re-check planned. Returns the ids of the reopened.
std::vector<std::string> follow_up(
    Operation& op, const store::TargetResult& result, const store::RecordedTarget& recorded, bool plans
);

} // namespace fengsui::workflow
