// One look at one asset: names resolved, addresses admitted, conversations kept open, in one place.
#pragma once

#include "probe/observe.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace fengsui::probe {

/// Where a host may be reached for the asset's sake.
struct Reach {
    model::Outcome outcome; ///< completed: at least one address is admitted
    model::NameResolution resolution;
    std::vector<model::IpAddress> admitted; ///< the one to talk to first: IPv4 before IPv6
};

/// Shared by the probes of one observe(), in whose frame it lives: they run one after another. At most
/// one connection is open at a time, so that visits which share an address cannot wait for each other.
class Visit {
public:
    Visit(const Services& services, const model::Asset& asset, const Plan& plan, net::Deadline deadline);
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    [[nodiscard]] const Services& services() const { return services_; }
    [[nodiscard]] const model::Asset& asset() const { return asset_; }
    [[nodiscard]] const Plan& plan() const { return plan_; }
    [[nodiscard]] net::Deadline deadline() const { return deadline_; }
    /// Host name or address of the asset; the domain of a mail asset.
    [[nodiscard]] const std::string& host() const { return host_; }
    [[nodiscard]] bool is_literal() const { return is_literal_; }
    [[nodiscard]] bool is_careful() const { return asset_.probe_class == model::ProbeClass::careful; }

    /// completed, or skipped/stopped, skipped/deadline.
    [[nodiscard]] model::Outcome may_go_on() const;
    /// A timeout that is only our own deadline's doing is no answer of the target.
    [[nodiscard]] model::Outcome settle(model::Outcome outcome) const;

    /// Permission, then DNS, then permission for each address. Asked once per host; a name that is not
    /// registered costs no DNS question.
    net::Task<Reach> reach(std::string host);
    /// The same without asking whether the host itself is registered: mail exchangers belong to a domain.
    net::Task<Reach> reach_exchanger(std::string host);
    /// A fresh permission for one address of the host.
    [[nodiscard]] std::variant<model::ScopeTicket, model::Reason> admit(
        std::string_view host, const model::IpAddress& address
    ) const;

    /// One request on a kept conversation. A refusal, reset or timeout is tried at the host's other
    /// addresses and, when `is_firm`, once again after a pause before it is believed.
    net::Task<model::HttpExchange> fetch(net::HttpRequest request, bool is_firm);
    /// One request at exactly that address, not tried elsewhere.
    net::Task<model::HttpExchange> fetch_from(net::HttpRequest request, model::IpAddress address);
    /// What the normal handshake with that endpoint showed, if there was one.
    [[nodiscard]] const net::TlsSession* tls_session(std::string_view host, std::uint16_t port) const;
    /// Ends every open conversation; what their handshakes showed stays.
    void close_conversations();

private:
    struct Conversation {
        model::ScopeTicket ticket;
        std::unique_ptr<net::HttpSession> session;
    };
    using Key = std::string; ///< origin

    net::Task<Reach> resolve(std::string host);
    net::Task<model::HttpExchange> fetch_at(net::HttpRequest request, model::IpAddress address);
    net::Task<model::HttpExchange> fetch_anywhere(net::HttpRequest request);
    void admit_all(Reach& reach) const;
    void close_all_but(const Key& kept);
    void prefer(const std::string& host, const model::IpAddress& address);

    const Services& services_;
    const model::Asset& asset_;
    const Plan& plan_;
    net::Deadline deadline_;
    std::string host_;
    bool is_literal_ = false;
    std::map<std::string, Reach, std::less<>> reaches_;
    std::map<Key, Conversation, std::less<>> conversations_;
};

} // namespace fengsui::probe
