#include "model/check.h"

namespace fengsui::check {

namespace {

/// The other side's doing; anything else is ours.
bool is_failure(const model::Outcome& outcome) {
    using model::Reason;
    return outcome.status == model::CoverageStatus::not_reached
           && (outcome.reason == Reason::refused || outcome.reason == Reason::timeout
               || outcome.reason == Reason::reset);
}

base::Json attempt_evidence(const model::Ipv6Attempt& attempt) {
    return base::Json::object({
        {"address", attempt.address.str()},
        {"port", static_cast<unsigned>(attempt.port)},
        {"result", to_string(attempt.outcome.reason)},
    });
}

} // namespace

model::Verdict ipv6_unreachable(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::not_reached;
    using model::Reason;
    using model::skipped;
    const auto& ipv6 = seen.ipv6;
    if (ipv6.attempts.empty() && (ipv6.has_vantage || ipv6.addresses.empty())) {
        return {skipped(Reason::not_applicable), {}};
    }
    if (!ipv6.has_vantage) { // our own lack of IPv6 is no fault of the site
        return {not_reached(Reason::timeout), {}};
    }
    base::Json attempts = base::Json::array();
    for (const auto& attempt : ipv6.attempts) {
        if (attempt.outcome.is_completed()) {
            return {};
        }
        attempts.push(attempt_evidence(attempt));
    }
    for (const auto& attempt : ipv6.attempts) {
        if (!is_failure(attempt.outcome)) {
            return {attempt.outcome, {}};
        }
    }
    return {completed(), {{"", base::Json::object({{"attempts", attempts}}), {}}}};
}

} // namespace fengsui::check
