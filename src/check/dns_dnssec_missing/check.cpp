#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict dns_dnssec_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::Reason;
    using model::skipped;
    if (!names_a_host(seen.target)) {
        return {skipped(Reason::not_applicable), {}};
    }
    const auto& dnssec = seen.zone.dnssec;
    if (!dnssec.outcome.is_completed() || dnssec.state == model::DnssecState::bogus) {
        return {dnssec.outcome, {}}; // bogus is another fault
    }
    // Signatures that nothing leads to protect nobody, where that is proved (RFC 4035 section 5.2).
    const bool is_island = dnssec.is_judged_by_anchor && dnssec.state == model::DnssecState::insecure;
    if (!is_island && (dnssec.is_authenticated || dnssec.is_signed)) {
        return {};
    }
    auto evidence = base::Json::object({
        {"name", seen.target.host},
        {"zone", dnssec.zone},
        {"rrsig", dnssec.is_signed},
        {"authenticated", false},
    });
    if (is_island) {
        evidence.set("detail", dnssec.detail);
    }
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
