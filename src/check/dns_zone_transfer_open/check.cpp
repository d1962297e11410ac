#include "model/check.h"

namespace fengsui::check {

model::Verdict dns_zone_transfer_open(const model::Observation& seen, const base::Json&) {
    const auto& delegation = seen.zone.delegation;
    model::Verdict verdict;
    for (const auto& server : delegation.servers) {
        bool was_asked = false;
        for (const auto& address : server.addresses) {
            was_asked = was_asked || address.transfer.outcome.is_completed();
            if (!address.transfer.is_open()) {
                continue;
            }
            base::Json records = base::Json::array();
            for (const auto& record : address.transfer.records) {
                records.push(record);
            }
            const auto evidence = base::Json::object({
                {"zone", delegation.zone},
                {"name_server", server.name},
                {"address", address.address.str()},
                {"records", records},
            });
            verdict.claims.push_back({server.name, evidence, {}});
            break; // one address is proof enough for this server
        }
        if (!was_asked) {
            verdict.unseen.push_back(server.name);
        }
    }
    return verdict;
}

} // namespace fengsui::check
