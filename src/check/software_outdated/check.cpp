#include "model/check.h"

#include "base/text.h"
#include "check/common/software_cycles.h"
#include "check/common/software_version.h"

namespace fengsui::check {

/// Behind the newest release of its own line; whether the line itself is still supported is another check's.
model::Verdict software_outdated(const model::Observation& seen, const base::Json&) {
    if (seen.knowledge == nullptr || seen.knowledge->cycles.empty()) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    model::Verdict verdict;
    for (const auto& found : detect_software(seen.web)) {
        const auto version = judged_version(found);
        const auto* cycles = cycles_of(seen, found.product);
        const auto* cycle = version && cycles != nullptr ? cycle_of(*cycles, version->upstream) : nullptr;
        const bool is_behind = cycle != nullptr && !cycle->latest.empty()
                               && compare_versions(version->upstream, cycle->latest) < 0;
        // A version as short as its line ("8.1") does not tell the release.
        if (!is_behind || version->upstream == cycle->cycle) {
            continue;
        }
        auto evidence = found.evidence();
        evidence.set("cycle", cycle->cycle).set("latest", cycle->latest);
        add_certainty(*version, evidence);
        const auto severity = version->is_certain() ? std::nullopt : std::optional(model::Severity::info);
        verdict.claims.push_back({base::to_lower(found.product), std::move(evidence), severity});
    }
    return verdict;
}

} // namespace fengsui::check
