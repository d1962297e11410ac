// What is said of a version by the line of releases that it belongs to.
#pragma once

#include "check/common/software_detect.h"
#include "model/knowledge.h"

#include <functional>

namespace fengsui::check {

/// What a check asks of a version and its line: members for the evidence when it is to be claimed, else
/// nothing.
using CycleQuestion =
    std::function<std::optional<base::Json>(const std::string& upstream, const model::ReleaseCycle& cycle)>;

/// Claims for all detected software whose line the operator's data know (the longest name that the version
/// lies in: 8.1.2 in 8.1, 1.0.2k in 1.0.2). Versions of a distribution are told as uncertain and as info.
/// Without data skipped/not_applicable.
model::Verdict judge_cycles(const model::Observation& seen, const CycleQuestion& question);

} // namespace fengsui::check
