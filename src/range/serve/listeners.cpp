#include "range/serve/listeners.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <sys/resource.h>

namespace fengsui::range {

namespace {

constexpr std::uint16_t kMailPort = 25;
constexpr std::uint16_t kDnsPort = 53;
constexpr std::uint16_t kDatabasePort = 6379;
constexpr std::size_t kUdpLimit = 1232; // what our own clients offer (DNS flag day 2020)

model::IpAddress v6_loopback() {
    std::array<std::uint8_t, 16> bytes{};
    bytes[15] = 1;
    return model::IpAddress::v6(bytes);
}

net::Task<> nobody(std::unique_ptr<net::Connection> connection) {
    connection->close();
    co_return;
}

} // namespace

void Listeners::open_tcp(
    const model::IpAddress& address, std::uint16_t port, net::ConnectionHandler handler
) {
    if (port == 0 || open_.insert({address, port}).second) {
        tcp_.push_back(
            std::make_unique<net::TcpListener>(premises_->runtime, address, port, std::move(handler))
        );
    }
}

void Listeners::open_udp(const model::IpAddress& address, std::uint16_t port, ServerKind kind) {
    const auto answer = [premises = premises_, kind](std::string_view datagram) {
        ++premises->counters.queries;
        return premises->zones.answer(datagram, kind, kUdpLimit);
    };
    udp_.push_back(std::make_unique<net::UdpListener>(premises_->runtime, address, port, answer));
}

void Listeners::open_web(const model::IpAddress& address, std::uint16_t port, Cover cover) {
    open_tcp(address, port, [premises = premises_, cover](std::unique_ptr<net::Connection> connection) {
        return serve_web(premises, cover, std::move(connection));
    });
}

std::uint16_t Listeners::open_resolver(const model::IpAddress& address, std::uint16_t port) {
    open_udp(address, port, ServerKind::resolver);
    const auto got = udp_.back()->port();
    open_tcp(address, got, [premises = premises_](std::unique_ptr<net::Connection> connection) {
        return serve_dns(premises, ServerKind::resolver, std::move(connection));
    });
    return got;
}

void Listeners::open_name_servers() {
    for (unsigned number = 1; number <= kNameServers; ++number) {
        const auto address = premises_->world.name_server(number);
        const auto kind = number < kNameServers ? ServerKind::authoritative : ServerKind::stranger;
        open_udp(address, kDnsPort, kind);
        open_tcp(
            address,
            kDnsPort,
            [premises = premises_, kind](std::unique_ptr<net::Connection> connection) {
                return serve_dns(premises, kind, std::move(connection));
            }
        );
    }
}

void Listeners::open_site(const Site& site) {
    if (site.listens_http()) {
        open_web(site.address, site.http_port, Cover::plain);
    }
    if (site.listens_https()) {
        open_web(site.address, site.https_port, Cover::tls);
        if (site.has_aaaa && !site.has(Fault::ipv6_unreachable)) {
            open_web(v6_loopback(), site.https_port, Cover::tls);
        }
    }
    if (site.has(Fault::port_database_open) && site.listens()) {
        open_tcp(site.address, kDatabasePort, &nobody);
    }
    if (site.has_mail() && !site.has_null_mx && site.is_authorised) {
        open_tcp(
            site.address,
            kMailPort,
            [premises = premises_](std::unique_ptr<net::Connection> connection) {
                return serve_mail(premises, std::move(connection));
            }
        );
    }
}

void Listeners::close() {
    tcp_.clear();
    udp_.clear();
    open_.clear();
}

bool may_use_low_ports(net::Runtime& runtime, const model::IpAddress& base) {
    try {
        // x.y.0.254 is nobody's: only permission can be in the way.
        const net::TcpListener trial(runtime, model::IpAddress::v4(base.to_v4() + 254), kMailPort, &nobody);
        return true;
    } catch (const base::Error&) {
        return false;
    }
}

bool has_ipv6_loopback(net::Runtime& runtime) {
    try {
        const net::TcpListener trial(runtime, v6_loopback(), 0, &nobody);
        return true;
    } catch (const base::Error&) {
        return false;
    }
}

void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit); // refused: the listener that is one too many will say so
    }
}

} // namespace fengsui::range
