#include "model/check.h"

#include "check/common/ipv6_attempts.h"

#include <algorithm>

namespace fengsui::check {

model::Verdict ipv6_unreachable(const model::Observation& seen, const base::Json&) {
    const auto& attempts = seen.ipv6.attempts;
    const bool any_works = std::any_of(attempts.begin(), attempts.end(), [](const model::Ipv6Attempt& one) {
        return one.outcome.is_completed();
    });
    if (any_works) {
        return {};
    }
    if (const auto why = why_ipv6_not_judged(seen.ipv6)) {
        return {*why, {}};
    }
    base::Json failed = base::Json::array();
    for (const auto& attempt : attempts) {
        failed.push(ipv6_attempt_evidence(attempt));
    }
    return {model::completed(), {{"", base::Json::object({{"attempts", failed}}), {}}}};
}

} // namespace fengsui::check
