#include "probe/ipv6.h"

#include "net/connection.h"
#include "net/route.h"
#include "probe/vantage.h"

#include <algorithm>

namespace fengsui::probe {

namespace {

using model::IpAddress;
using model::Outcome;
using model::Reason;

constexpr std::size_t kMaxKnocked = 2;
constexpr std::chrono::seconds kIpv6Connect{10};

/// What the web visit found at one port of the asset's own host.
struct WebPort {
    std::uint16_t port = 0;
    IpAddress address;
    Outcome outcome;
};

/// TCP connected there, whatever was said then.
bool is_open(const Outcome& outcome) {
    return outcome.is_completed() || outcome.reason == Reason::tls_failed
           || outcome.reason == Reason::http_invalid;
}

std::vector<WebPort> web_ports(const Visit& visit, const model::WebObservation& web) {
    std::vector<WebPort> ports;
    for (const auto* chain : {&web.plain, &web.secure}) {
        for (const auto& hop : chain->hops) {
            const bool is_known = std::any_of(ports.begin(), ports.end(), [&](const WebPort& known) {
                return known.port == hop.url.port;
            });
            if (hop.address && hop.url.host == visit.host() && !is_known) {
                ports.push_back({hop.url.port, *hop.address, hop.outcome});
            }
        }
    }
    return ports;
}

net::Task<Outcome> knock(Visit& visit, IpAddress address, std::uint16_t port) {
    visit.close_conversations();
    const auto state = visit.may_go_on();
    if (!state.is_completed()) {
        co_return state;
    }
    auto admission = visit.admit(visit.host(), address);
    if (const auto* reason = std::get_if<Reason>(&admission)) {
        co_return model::refused(*reason);
    }
    const auto& services = visit.services();
    auto connected = co_await net::connect(
        services.runtime,
        services.politeness,
        std::get<model::ScopeTicket>(admission),
        port,
        visit.deadline(),
        kIpv6Connect
    );
    if (connected.connection) {
        connected.connection->close();
    }
    co_return visit.settle(connected.outcome);
}

bool is_transport(const Outcome& outcome) {
    return outcome.reason == Reason::refused || outcome.reason == Reason::timeout
           || outcome.reason == Reason::reset;
}

/// A failure is believed the second time.
net::Task<Outcome> knock_firmly(Visit& visit, IpAddress address, std::uint16_t port) {
    const auto first = co_await knock(visit, address, port);
    if (first.is_completed() || !is_transport(first)) {
        co_return first;
    }
    const auto second = co_await knock(visit, address, port);
    co_return second;
}

/// At each port that was open over IPv4. Without IPv4 the web visit went over IPv6: it has the answer.
net::Task<> knock_at(
    Visit& visit, std::vector<WebPort> ports, IpAddress address, model::Ipv6Observation& ipv6
) {
    for (const auto& port : ports) {
        if (port.address == address) {
            ipv6.attempts.push_back(
                {address, port.port, is_open(port.outcome) ? model::completed() : port.outcome}
            );
        } else if (port.address.is_v4() && is_open(port.outcome)) {
            const auto outcome = co_await knock_firmly(visit, address, port.port);
            ipv6.attempts.push_back({address, port.port, outcome});
        }
    }
}

/// A connection, a refusal and a reset are answers: our own IPv6 works. Silence may be our own.
void judge_vantage(const Visit& visit, model::Ipv6Observation& ipv6) {
    auto* vantage = visit.services().vantage;
    const bool is_answered =
        std::any_of(ipv6.attempts.begin(), ipv6.attempts.end(), [](const model::Ipv6Attempt& attempt) {
            return attempt.outcome.is_completed() || attempt.outcome.reason == Reason::refused
                   || attempt.outcome.reason == Reason::reset;
        });
    if (is_answered && vantage != nullptr) {
        vantage->note_answer();
    }
    ipv6.is_vantage_proven = is_answered || (vantage != nullptr && vantage->is_proven());
}

/// The first that has a route and did not fail: what is fetched over IPv6 is fetched there.
std::optional<IpAddress> usable_address(const model::Ipv6Observation& ipv6) {
    for (const auto& address : ipv6.addresses) {
        const auto failed =
            std::any_of(ipv6.attempts.begin(), ipv6.attempts.end(), [&](const model::Ipv6Attempt& attempt) {
                return attempt.address == address && !attempt.outcome.is_completed();
            });
        if (!failed && net::has_route(address)) {
            return address;
        }
    }
    return std::nullopt;
}

net::Task<> knock_everywhere(Visit& visit, const model::WebObservation& web, model::Ipv6Observation& ipv6) {
    const auto ports = web_ports(visit, web);
    const auto count = std::min(ipv6.addresses.size(), kMaxKnocked);
    for (std::size_t i = 0; i < count; ++i) {
        const auto address = ipv6.addresses[i];
        if (!net::has_route(address)) {
            continue; // our own lack of IPv6 says nothing about the site
        }
        ipv6.has_vantage = true;
        co_await knock_at(visit, ports, address, ipv6);
    }
}

} // namespace

net::Task<model::Ipv6Observation> look_at_ipv6(Visit& visit, const model::WebObservation& web) {
    model::Ipv6Observation ipv6;
    const auto reached = co_await visit.reach(visit.host());
    const auto published = reached.resolution.of_family(model::IpFamily::v6);
    if (visit.is_literal() || (published.empty() && reached.resolution.outcome.is_completed())) {
        co_return ipv6; // skipped/not_applicable
    }
    std::copy_if(
        reached.admitted.begin(),
        reached.admitted.end(),
        std::back_inserter(ipv6.addresses),
        [](const IpAddress& address) { return !address.is_v4(); }
    );
    if (ipv6.addresses.empty()) {
        ipv6.outcome =
            reached.resolution.refused.empty() ? reached.outcome : model::refused(reached.resolution.refusal);
        co_return ipv6;
    }
    const auto state = visit.may_go_on();
    ipv6.outcome = state;
    if (!state.is_completed()) {
        co_return ipv6;
    }
    const auto& plan = visit.plan();
    if (plan.wants(model::ObservationPart::ipv6)) {
        co_await knock_everywhere(visit, web, ipv6);
        judge_vantage(visit, ipv6);
    }
    if (plan.wants(model::ObservationPart::ipv6_name_servers)) {
        ipv6.name_servers = co_await ask_name_servers(visit);
    }
    const auto address = usable_address(ipv6);
    if (!address) {
        co_return ipv6; // pages and links: skipped/not_applicable, ipv6.unreachable says the rest
    }
    if (plan.wants(model::ObservationPart::ipv6_pages)) {
        ipv6.pages = co_await compare_pages(visit, web, *address);
    }
    if (plan.wants(model::ObservationPart::ipv6_links)) {
        ipv6.links = co_await sample_links(visit, web, *address);
    }
    co_return ipv6;
}

} // namespace fengsui::probe
