#include "model/check.h"

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
    return judge_cycles(
        seen,
        [&seen](const std::string&, const model::ReleaseCycle& cycle) -> std::optional<base::Json> {
            if (!has_ended(cycle, seen.judged_at)) {
                return std::nullopt;
            }
            base::Json told = base::Json::object();
            if (cycle.ends) {
                told.set("ended", base::format_date(*cycle.ends));
            }
            return told;
        }
    );
}

} // namespace fengsui::check
