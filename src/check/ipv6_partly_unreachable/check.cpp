#include "model/check.h"

#include "check/common/ipv6_attempts.h"

namespace fengsui::check {

/// Some address or port that works over IPv4 fails over IPv6 while another works. All of them:
/// ipv6.unreachable.
model::Verdict ipv6_partly_unreachable(const model::Observation& seen, const base::Json&) {
    base::Json failed = base::Json::array();
    bool any_works = false;
    for (const auto& attempt : seen.ipv6.attempts) {
        if (attempt.outcome.is_completed()) {
            any_works = true;
        } else if (is_ipv6_failure(attempt.outcome)) {
            failed.push(ipv6_attempt_evidence(attempt));
        }
    }
    if (const auto why = why_ipv6_not_judged(seen.ipv6)) {
        return {*why, {}};
    }
    if (failed.items().empty() || !any_works) {
        return {};
    }
    const auto evidence = base::Json::object(
        {{"tried", std::uint64_t{seen.ipv6.attempts.size()}}, {"failed", std::move(failed)}}
    );
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
