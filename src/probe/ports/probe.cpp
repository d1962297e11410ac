#include "probe/ports/probe.h"

#include "net/connection.h"
#include "net/runtime.h"

#include <algorithm>

namespace fengsui::probe::ports {

namespace {

using model::IpAddress;
using model::Outcome;
using model::PortAttempt;
using model::Reason;

/// A port that lets nobody in stays silent; longer waits would make a patrol of a walled host last minutes.
constexpr std::chrono::milliseconds kKnock{2000};
constexpr std::chrono::milliseconds kGreeting{1000};
constexpr std::size_t kBannerBytes = 256;
/// Beyond so many open ports something may answer for all of them (SYN proxies, honeypots).
constexpr std::size_t kManyOpen = 8;
/// IANA: reserved; no service listens there.
constexpr std::uint16_t kNobodysPort = 49151;

net::Task<std::string> read_greeting(net::Connection& connection) {
    connection.set_deadline(net::Deadline::in(kGreeting));
    std::string banner(kBannerBytes, '\0');
    const auto got = co_await connection.read_some(banner.data(), banner.size());
    banner.resize(got.outcome.is_completed() ? got.bytes : 0);
    co_return banner;
}

enum class Listening : std::uint8_t { no, yes };

net::Task<PortAttempt> knock(Visit& visit, IpAddress address, std::uint16_t port, Listening listening) {
    PortAttempt attempt{address, port, visit.may_go_on(), false, {}};
    if (!attempt.outcome.is_completed()) {
        co_return attempt;
    }
    auto admission = visit.admit(visit.host(), address);
    if (const auto* reason = std::get_if<Reason>(&admission)) {
        attempt.outcome = model::refused(*reason);
        co_return attempt;
    }
    const auto& services = visit.services();
    auto connected = co_await net::connect(
        services.runtime,
        services.politeness,
        std::get<model::ScopeTicket>(admission),
        port,
        visit.deadline(),
        kKnock
    );
    attempt.outcome = visit.settle(connected.outcome);
    if (connected.connection && listening == Listening::yes) {
        attempt.banner = co_await read_greeting(*connected.connection);
    }
    if (connected.connection) {
        connected.connection->close();
    }
    co_return attempt;
}

/// A second connection, after all others: only what is open twice is open.
net::Task<> confirm(Visit& visit, std::vector<PortAttempt>& attempts) {
    for (auto& attempt : attempts) {
        if (!attempt.outcome.is_completed()) {
            continue;
        }
        const auto again = co_await knock(visit, attempt.address, attempt.port, Listening::yes);
        attempt.is_confirmed = again.outcome.is_completed();
        attempt.banner = again.banner;
    }
}

} // namespace

bool has_ports(const model::AssetTarget& target) {
    return target.kind == model::AssetKind::host || target.kind == model::AssetKind::address;
}

net::Task<model::PortsObservation> look_at_ports(Visit& visit) {
    model::PortsObservation ports;
    const auto reached = co_await visit.reach(visit.host());
    ports.outcome = reached.outcome.is_completed() ? visit.may_go_on() : reached.outcome;
    if (!ports.outcome.is_completed()) {
        co_return ports;
    }
    visit.close_conversations();
    const auto address = reached.admitted.front();
    for (const auto& known : model::known_ports()) {
        auto attempt = co_await knock(visit, address, known.port, Listening::no);
        const bool is_ours = attempt.outcome.status == model::CoverageStatus::skipped
                             || attempt.outcome.status == model::CoverageStatus::refused;
        ports.outcome = is_ours ? attempt.outcome : ports.outcome;
        ports.attempts.push_back(std::move(attempt));
        if (is_ours) {
            co_return ports; // half a look could not tell absence from blindness
        }
    }
    const auto open =
        std::count_if(ports.attempts.begin(), ports.attempts.end(), [](const PortAttempt& attempt) {
            return attempt.outcome.is_completed();
        });
    if (static_cast<std::size_t>(open) >= kManyOpen) {
        const auto control = co_await knock(visit, address, kNobodysPort, Listening::no);
        ports.answers_everywhere = control.outcome.is_completed();
    }
    if (!ports.answers_everywhere) {
        co_await confirm(visit, ports.attempts);
    }
    co_return ports;
}

} // namespace fengsui::probe::ports
