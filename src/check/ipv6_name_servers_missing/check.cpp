#include "model/check.h"

namespace fengsui::check {

/// RFC 3901 section 4 wants a zone reachable over IPv6; two servers, as over IPv4 (RFC 2182 section 5).
model::Verdict ipv6_name_servers_missing(const model::Observation& seen, const base::Json&) {
    constexpr std::uint64_t kEnough = 2;
    const auto& found = seen.ipv6.name_servers;
    std::uint64_t with_v6 = 0;
    base::Json without = base::Json::array();
    for (const auto& server : found.servers) {
        if (!server.outcome.is_completed()) {
            return {server.outcome, {}};
        }
        if (server.addresses.empty()) {
            without.push(server.name);
        } else {
            ++with_v6;
        }
    }
    if (with_v6 >= kEnough) {
        return {};
    }
    const auto evidence = base::Json::object(
        {{"zone", found.zone}, {"name_servers_with_ipv6", with_v6}, {"without", std::move(without)}}
    );
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
