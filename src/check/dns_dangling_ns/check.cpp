#include "check/common/dangling.h"

namespace fengsui::check {

model::Verdict dns_dangling_ns(const model::Observation& seen, const base::Json&) {
    const auto& delegation = seen.zone.delegation;
    model::Verdict verdict;
    std::optional<model::Outcome> blind;
    for (const auto& server : delegation.servers) {
        const auto& outcome = server.resolution.outcome;
        const bool is_answered =
            outcome.is_completed() || outcome == model::not_reached(model::Reason::dns_nxdomain);
        if (!is_answered) {
            verdict.unseen.push_back(server.name);
            blind = outcome;
        }
        if (server.nonexistent.empty()) {
            continue;
        }
        const auto evidence = base::Json::object({
            {"zone", delegation.zone},
            {"name_server", server.name},
            {"does_not_exist", server.nonexistent},
            {"dns", "NXDOMAIN"},
        });
        verdict.claims.push_back(
            {server.name, evidence, dangling_severity(server.nonexistent, delegation.zone)}
        );
    }
    if (blind && verdict.unseen.size() == delegation.servers.size()) {
        verdict.outcome = *blind;
    }
    return verdict;
}

} // namespace fengsui::check
