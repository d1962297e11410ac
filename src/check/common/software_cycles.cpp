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

} // namespace

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

const std::vector<model::ReleaseCycle>* cycles_of(const model::Observation& seen, std::string_view product) {
    const auto* known = find_known_product(product);
    if (seen.knowledge == nullptr || known == nullptr || known->cycles.empty()) {
        return nullptr;
    }
    const auto found = seen.knowledge->cycles.find(known->cycles);
    return found == seen.knowledge->cycles.end() ? nullptr : &found->second;
}

} // namespace fengsui::check
