#include "model/check.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using model::Reason;

bool leaves_scope(const model::HttpChain& chain) {
    const bool is_scope_reason = chain.end.reason == Reason::not_registered
                                 || chain.end.reason == Reason::not_authorised
                                 || chain.end.reason == Reason::private_address;
    return chain.end.status == model::CoverageStatus::refused && is_scope_reason && chain.reached()
           && chain.hops.back().redirect.has_value();
}

} // namespace

model::Verdict http_redirect_out_of_scope(const model::Observation& seen, const base::Json&) {
    model::Verdict verdict;
    for (const auto* chain : {&seen.web.plain, &seen.web.secure}) {
        if (!leaves_scope(*chain)) {
            continue;
        }
        const auto& hop = chain->hops.back();
        const auto locator = hop.url.str();
        const bool is_known =
            std::any_of(verdict.claims.begin(), verdict.claims.end(), [&](const model::Claim& claim) {
                return claim.locator == locator;
            });
        if (!is_known) {
            const auto evidence = base::Json::object({
                {"url", locator},
                {"status", hop.status},
                {"location", hop.redirect->str()},
                {"reason", to_string(chain->end.reason)},
            });
            verdict.claims.push_back({locator, evidence, {}});
        }
    }
    return verdict;
}

} // namespace fengsui::check
