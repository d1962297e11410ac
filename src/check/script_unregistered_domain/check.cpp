#include "model/check.h"

#include "base/text.h"

namespace fengsui::check {

namespace {

bool does_not_exist(const model::Outcome& outcome) {
    return outcome == model::not_reached(model::Reason::dns_nxdomain);
}

/// Asked and answered, be it by "there is no such name".
bool is_told(const model::Outcome& outcome) {
    return outcome.is_completed() || does_not_exist(outcome);
}

} // namespace

/// NXDOMAIN for the host, for the registrable domain above it, and not for the suffix above that: a resolver
/// that denies `cn` is cut off and says nothing (RFC 8020: below a name that does not exist nothing does).
model::Verdict script_unregistered_domain(const model::Observation& seen, const base::Json&) {
    model::Verdict verdict;
    model::Outcome blind = model::completed();
    bool has_judged = false;
    for (const auto& host : seen.scripts.hosts) {
        const bool is_gone = does_not_exist(host.host_outcome) && !host.domain.empty();
        const bool is_clear =
            is_told(host.host_outcome)
            && (!is_gone || (is_told(host.domain_outcome) && host.suffix_outcome.is_completed()));
        if (!is_clear) {
            blind = !is_told(host.host_outcome)     ? host.host_outcome
                    : !is_told(host.domain_outcome) ? host.domain_outcome
                                                    : host.suffix_outcome;
            verdict.unseen.push_back(host.domain);
            continue;
        }
        has_judged = true;
        if (is_gone && does_not_exist(host.domain_outcome)) {
            const auto evidence = base::Json::object(
                {{"domain", host.domain}, {"host", host.host}, {"reference", base::shorten(host.url, 300)}}
            );
            verdict.claims.push_back({host.domain, evidence, {}});
        }
    }
    if (!has_judged && !blind.is_completed()) {
        return {blind, {}};
    }
    return verdict;
}

} // namespace fengsui::check
