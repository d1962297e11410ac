#include "check/common/software_cycles.h"

#include "base/text.h"
#include "check/knowledge.h"

namespace fengsui::check {

namespace {

/// `8.1` holds 8.1 and 8.1.2, not 8.10; `1.0.2` holds 1.0.2k.
bool is_in_cycle(std::string_view version, std::string_view cycle) {
    return version.starts_with(cycle)
           && (version.size() == cycle.size() || !base::is_digit(version[cycle.size()]));
}

const std::vector<model::ReleaseCycle>* cycles_of(const model::Observation& seen, std::string_view product) {
    const auto* known = find_known_product(product);
    if (known == nullptr || known->cycles.empty()) {
        return nullptr;
    }
    const auto found = seen.knowledge->cycles.find(known->cycles);
    return found == seen.knowledge->cycles.end() ? nullptr : &found->second;
}

const model::ReleaseCycle* cycle_of(
    const std::vector<model::ReleaseCycle>& cycles, std::string_view version
) {
    const model::ReleaseCycle* best = nullptr;
    for (const auto& cycle : cycles) {
        const bool is_better = best == nullptr || cycle.cycle.size() > best->cycle.size();
        if (is_better && is_in_cycle(version, cycle.cycle)) {
            best = &cycle;
        }
    }
    return best;
}

} // namespace

model::Verdict judge_cycles(const model::Observation& seen, const CycleQuestion& question) {
    if (seen.knowledge == nullptr || seen.knowledge->cycles.empty()) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    model::Verdict verdict;
    for (const auto& found : detect_software(seen.web)) {
        const auto version = judged_version(found);
        const auto* cycles = version ? cycles_of(seen, found.product) : nullptr;
        const auto* cycle = cycles != nullptr ? cycle_of(*cycles, version->upstream) : nullptr;
        const auto told = cycle != nullptr ? question(version->upstream, *cycle) : std::nullopt;
        if (!told) {
            continue;
        }
        auto evidence = found.evidence();
        evidence.set("cycle", cycle->cycle);
        for (const auto& [name, value] : told->members()) {
            evidence.set(name, value);
        }
        add_certainty(*version, evidence);
        const auto severity = version->is_certain() ? std::nullopt : std::optional(model::Severity::info);
        verdict.claims.push_back({base::to_lower(found.product), std::move(evidence), severity});
    }
    return verdict;
}

} // namespace fengsui::check
