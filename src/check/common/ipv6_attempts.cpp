#include "check/common/ipv6_attempts.h"

#include <algorithm>

namespace fengsui::check {

using model::Reason;

bool is_ipv6_failure(const model::Outcome& outcome) {
    return outcome.status == model::CoverageStatus::not_reached
           && (outcome.reason == Reason::refused || outcome.reason == Reason::timeout
               || outcome.reason == Reason::reset);
}

base::Json ipv6_attempt_evidence(const model::Ipv6Attempt& attempt) {
    return base::Json::object({
        {"address", attempt.address.str()},
        {"port", static_cast<unsigned>(attempt.port)},
        {"result", to_string(attempt.outcome.reason)},
    });
}

std::optional<model::Outcome> why_ipv6_not_judged(const model::Ipv6Observation& ipv6) {
    if (ipv6.attempts.empty() && (ipv6.has_vantage || ipv6.addresses.empty())) {
        return model::skipped(Reason::not_applicable);
    }
    if (!ipv6.has_vantage) { // our own lack of IPv6 is no fault of the site
        return model::not_reached(Reason::timeout);
    }
    bool has_silence = false;
    for (const auto& attempt : ipv6.attempts) {
        if (!attempt.outcome.is_completed() && !is_ipv6_failure(attempt.outcome)) {
            return attempt.outcome;
        }
        has_silence = has_silence || attempt.outcome.reason == Reason::timeout;
    }
    if (has_silence && !ipv6.is_vantage_proven) {
        return model::not_reached(Reason::timeout);
    }
    return std::nullopt;
}

} // namespace fengsui::check
