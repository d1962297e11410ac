#include "model/check.h"

#include "check/common/software_cycles.h"
#include "check/common/software_version.h"

namespace fengsui::check {

namespace {

/// Behind the newest release of its own line. A version as short as its line ("8.1") does not tell the
/// release.
bool is_behind(const std::string& upstream, const model::ReleaseCycle& cycle) {
    return !cycle.latest.empty() && upstream != cycle.cycle && compare_versions(upstream, cycle.latest) < 0;
}

} // namespace

/// Whether the line itself is still supported is another check's.
model::Verdict software_outdated(const model::Observation& seen, const base::Json&) {
    return judge_cycles(
        seen,
        [](const std::string& upstream, const model::ReleaseCycle& cycle) -> std::optional<base::Json> {
            return is_behind(upstream, cycle) ? std::optional(base::Json::object({{"latest", cycle.latest}}))
                                              : std::nullopt;
        }
    );
}

} // namespace fengsui::check
