// The checks this program knows: one folder each, put together at build time.
#pragma once

#include "model/check.h"

namespace fengsui::check {

struct Check {
    model::CheckInfo info;
    model::CheckFunction function = nullptr;
};

/// Every check, in the order of their ids. Read once at first use.
const std::vector<Check>& catalog();

/// The check of that id or alias, or null.
const Check* find_check(std::string_view id);

/// What the check says of the observation, or why it could not say: the probe class and the part it
/// reads decide before the check itself is asked.
model::Verdict judge(const Check& check, const model::Observation& observation);

/// Reads one check.yaml; the error names line and field.
base::Result<model::CheckInfo> parse_check_info(std::string_view yaml);

} // namespace fengsui::check
