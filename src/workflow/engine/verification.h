// Re-checks: planned for a case, judged by a run (principle 4: absent and covered, else inconclusive).
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

/// Plans one for the case's findings unless one waits or runs; returns its id, or that of the one there is.
std::string plan_verification(Operation& op, const Record& record_of_case);
/// Whether one waits or runs for the case.
bool has_open_verification(Operation& op, std::string_view case_id);

/// What a run says of one finding.
struct Sighting {
    bool is_covered = false; ///< target completed, check looked for, severity not filtered out
    bool is_present = false;
};
using Witness = std::function<Sighting(const Record& finding)>;

/// planned → running → passed, failed or inconclusive, by what the run saw of every item.
void judge_verification(Operation& op, Record& verification, const std::string& run, const Witness& witness);

} // namespace fengsui::workflow
