// What the range listens on.
#pragma once

#include "range/serve/servers.h"

#include <set>

namespace fengsui::range {

class Listeners {
public:
    explicit Listeners(std::shared_ptr<Premises> premises) : premises_(std::move(premises)) {}

    /// The resolver, UDP and TCP; gives the port it got.
    std::uint16_t open_resolver(const model::IpAddress& address, std::uint16_t port);
    /// The district's own name servers, on port 53.
    void open_name_servers();
    /// Whatever the site needs and does not have yet.
    void open_site(const Site& site);
    void close();

private:
    void open_tcp(const model::IpAddress& address, std::uint16_t port, net::ConnectionHandler handler);
    void open_udp(const model::IpAddress& address, std::uint16_t port, ServerKind kind);
    void open_web(const model::IpAddress& address, std::uint16_t port, Cover cover);

    std::shared_ptr<Premises> premises_; ///< also owned by the connections under way
    std::set<std::pair<model::IpAddress, std::uint16_t>> open_;
    std::vector<std::unique_ptr<net::TcpListener>> tcp_;
    std::vector<std::unique_ptr<net::UdpListener>> udp_;
};

/// Whether this machine lets us listen on ports below 1024, and has ::1.
bool may_use_low_ports(net::Runtime& runtime, const model::IpAddress& base);
bool has_ipv6_loopback(net::Runtime& runtime);
/// As many open files as the system grants: a range of 2,500 sites holds some 6,000.
void raise_file_limit();

} // namespace fengsui::range
