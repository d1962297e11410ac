// Which of the zone's name servers have IPv6 addresses. The DNS is asked, nobody else.
#include "net/resolver.h"
#include "probe/dns/decode.h"
#include "probe/ipv6.h"

namespace fengsui::probe {

namespace {

using model::Outcome;
using net::DnsType;

constexpr std::size_t kMaxNameServers = 8;
constexpr std::size_t kMaxZoneClimb = 12;

net::Task<net::DnsAnswer> ask_about(Visit& visit, std::string name, DnsType type) {
    net::DnsAnswer answer;
    answer.outcome = visit.may_go_on();
    if (answer.outcome.is_completed()) {
        answer = co_await visit.services().resolver.ask(
            std::move(name), type, net::DnsWish::plain, visit.deadline()
        );
        answer.outcome = visit.settle(answer.outcome);
    }
    co_return answer;
}

bool is_told(const Outcome& outcome) {
    return outcome.is_completed() || outcome == model::not_reached(model::Reason::dns_nxdomain);
}

net::Task<model::Ipv6NameServer> ask_server(Visit& visit, std::string name) {
    model::Ipv6NameServer server;
    server.name = name;
    const auto answer = co_await ask_about(visit, std::move(name), DnsType::aaaa);
    server.outcome = is_told(answer.outcome) ? model::completed() : answer.outcome;
    for (const auto& text : dns::answers_of(answer.message, DnsType::aaaa)) {
        const auto address = model::IpAddress::parse(text);
        if (address.has_value() && !address->is_v4()) {
            server.addresses.push_back(*address);
        }
    }
    co_return server;
}

} // namespace

net::Task<model::Ipv6NameServers> ask_name_servers(Visit& visit) {
    model::Ipv6NameServers found;
    for (const auto& name : dns::names_upward(visit.host(), kMaxZoneClimb)) {
        const auto answer = co_await ask_about(visit, name, DnsType::ns);
        if (!is_told(answer.outcome)) {
            found.outcome = answer.outcome;
            co_return found;
        }
        auto servers = dns::answers_of(answer.message, DnsType::ns);
        if (servers.empty()) {
            continue;
        }
        found.zone = name;
        servers.resize(std::min(servers.size(), kMaxNameServers));
        for (auto& server : servers) {
            auto asked = co_await ask_server(visit, std::move(server));
            found.servers.push_back(std::move(asked));
        }
        found.outcome = model::completed();
        break;
    }
    co_return found; // no zone at all: skipped/not_applicable
}

} // namespace fengsui::probe
