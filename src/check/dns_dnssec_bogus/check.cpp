#include "model/check.h"

#include "check/common/web_chain.h"

namespace fengsui::check {

namespace {

/// A server of a signed zone that leaves the signatures out: who asks it takes the answer for forged.
model::Verdict judge_servers(const model::Observation& seen) {
    model::Verdict verdict;
    for (const auto& server : seen.zone.delegation.servers) {
        for (const auto& address : server.addresses) {
            if (!address.udp.is_good() || address.udp.is_signed) {
                continue;
            }
            const auto evidence = base::Json::object({
                {"zone", seen.zone.dnssec.zone},
                {"name_server", server.name},
                {"address", address.address.str()},
                {"detail", "this server gives the SOA without a signature"},
            });
            verdict.claims.push_back({server.name, evidence, model::Severity::medium});
            break;
        }
    }
    return verdict;
}

} // namespace

model::Verdict dns_dnssec_bogus(const model::Observation& seen, const base::Json&) {
    using model::DnssecState;
    if (!names_a_host(seen.target)) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    const auto& dnssec = seen.zone.dnssec;
    if (dnssec.outcome.is_completed() && dnssec.state == DnssecState::secure) {
        return judge_servers(seen);
    }
    if (!dnssec.outcome.is_completed() || dnssec.state != DnssecState::bogus) {
        return {dnssec.outcome, {}};
    }
    const auto evidence = base::Json::object({
        {"name", seen.target.host},
        {"zone", dnssec.zone},
        {"state", to_string(dnssec.state)},
        {"judged_by", dnssec.is_judged_by_anchor ? "trust anchor" : "resolver"},
        {"detail", dnssec.detail},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
