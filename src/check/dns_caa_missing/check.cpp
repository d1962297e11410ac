#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict dns_caa_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::Reason;
    using model::skipped;
    if (!names_a_host(seen.target)) {
        return {skipped(Reason::not_applicable), {}};
    }
    const auto& caa = seen.zone.caa;
    if (!caa.outcome.is_completed()) {
        return {caa.outcome, {}};
    }
    // The first set found on the way to the root is the relevant one (RFC 8659 section 3).
    if (!caa.found_at.empty() || !caa.records.empty()) {
        return {};
    }
    const auto evidence = base::Json::object({{"name", seen.target.host}, {"caa", base::Json::array()}});
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
