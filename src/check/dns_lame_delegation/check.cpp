#include "model/check.h"

#include <fmt/format.h>

namespace fengsui::check {

namespace {

using model::NameServer;
using model::NameServerAnswer;
using model::Severity;

enum class Health : std::uint8_t { unseen, good, half, lame };

bool was_seen(const NameServerAnswer& answer) {
    return answer.outcome.status != model::CoverageStatus::skipped
           && answer.outcome.status != model::CoverageStatus::refused;
}

std::string said(const NameServerAnswer& answer) {
    constexpr std::string_view kCodes[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    if (!was_seen(answer)) {
        return "not asked";
    }
    if (!answer.outcome.is_completed()) {
        return "no answer: " + std::string(to_string(answer.outcome.reason));
    }
    if (answer.code != 0) {
        const auto code = static_cast<std::size_t>(answer.code);
        return code < std::size(kCodes) ? std::string(kCodes[code]) : fmt::format("RCODE {}", code);
    }
    return !answer.is_authoritative ? "not authoritative" : answer.has_soa ? "good" : "no SOA";
}

/// Over UDP it must answer; one that answers only over one of the two works for some (RFC 7766 section 5).
Health health_of(const model::NameServerAddress& server) {
    const bool is_udp_seen = was_seen(server.udp);
    if (!server.outcome.is_completed() || !is_udp_seen) {
        return Health::unseen;
    }
    const bool is_tcp_bad = was_seen(server.tcp) && !server.tcp.is_good();
    if (server.udp.is_good()) {
        return is_tcp_bad ? Health::half : Health::good;
    }
    return server.tcp.is_good() && !server.udp.outcome.is_completed() ? Health::half : Health::lame;
}

struct ServerHealth {
    Health worst = Health::unseen;
    Health best = Health::unseen;
    base::Json addresses = base::Json::array();
};

ServerHealth judge_server(const NameServer& server) {
    ServerHealth judged;
    for (const auto& address : server.addresses) {
        const auto health = health_of(address);
        if (health == Health::unseen) {
            continue;
        }
        judged.best = judged.best == Health::unseen ? health : std::min(judged.best, health);
        judged.worst = std::max(judged.worst, health);
        judged.addresses.push(base::Json::object({
            {"address", address.address.str()},
            {"udp", said(address.udp)},
            {"tcp", said(address.tcp)},
        }));
    }
    // RFC 1912 2.8: a name that leads nowhere serves nobody. One that does not exist is dns.dangling_ns.
    const bool has_no_address =
        server.addresses.empty() && server.nonexistent.empty()
        && server.resolution.outcome == model::not_reached(model::Reason::dns_nxdomain);
    if (has_no_address) {
        judged.worst = judged.best = Health::lame;
    }
    return judged;
}

} // namespace

model::Verdict dns_lame_delegation(const model::Observation& seen, const base::Json&) {
    const auto& delegation = seen.zone.delegation;
    std::vector<std::pair<const NameServer*, ServerHealth>> servers;
    bool is_any_good = false;
    model::Verdict verdict;
    for (const auto& server : delegation.servers) {
        auto judged = judge_server(server);
        is_any_good = is_any_good || judged.best == Health::good || judged.best == Health::half;
        if (judged.worst == Health::unseen) {
            verdict.unseen.push_back(server.name);
            is_any_good = is_any_good || !server.addresses.empty(); // nobody knows: no cause for the worst
        } else {
            servers.emplace_back(&server, std::move(judged));
        }
    }
    for (auto& [server, judged] : servers) {
        if (judged.worst == Health::good) {
            continue;
        }
        const bool is_light = judged.worst == Health::half;
        const auto severity = is_light ? Severity::low : is_any_good ? Severity::medium : Severity::high;
        const auto evidence = base::Json::object({
            {"zone", delegation.zone},
            {"name_server", server->name},
            {"addresses", std::move(judged.addresses)},
            {"servers", static_cast<std::uint64_t>(delegation.servers.size())},
        });
        verdict.claims.push_back({server->name, evidence, severity});
    }
    return verdict;
}

} // namespace fengsui::check
