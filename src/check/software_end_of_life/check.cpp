#include "model/check.h"

#include "base/text.h"
#include "check/common/software_cycles.h"

namespace fengsui::check {

namespace {

/// Ended on the day that is judged, or said to have ended.
bool has_ended(const model::ReleaseCycle& cycle, base::Instant at) {
    if (cycle.ends) {
        return std::chrono::sys_days(*cycle.ends) <= std::chrono::floor<std::chrono::days>(at);
    }
    return cycle.has_ended.value_or(false);
}

} // namespace

model::Verdict software_end_of_life(const model::Observation& seen, const base::Json&) {
    if (seen.knowledge == nullptr || seen.knowledge->cycles.empty()) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    model::Verdict verdict;
    for (const auto& found : detect_software(seen.web)) {
        const auto version = judged_version(found);
        const auto* cycles = cycles_of(seen, found.product);
        const auto* cycle = version && cycles != nullptr ? cycle_of(*cycles, version->upstream) : nullptr;
        if (cycle == nullptr || !has_ended(*cycle, seen.judged_at)) {
            continue;
        }
        auto evidence = found.evidence();
        evidence.set("cycle", cycle->cycle);
        if (cycle->ends) {
            evidence.set("ended", base::format_date(*cycle->ends));
        }
        add_certainty(*version, evidence);
        const auto severity = version->is_certain() ? std::nullopt : std::optional(model::Severity::info);
        verdict.claims.push_back({base::to_lower(found.product), std::move(evidence), severity});
    }
    return verdict;
}

} // namespace fengsui::check
