// Permission to contact one address, as a value that only the registry can make.
#pragma once

#include "model/address.h"
#include "model/ids.h"
#include "model/outcome.h"
#include "model/url.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace fengsui::registry {
class ScopeAuthority;
}

namespace fengsui::model {

class ScopeTicket;

/// Who can take a ticket back: asked again just before every connect and every request.
class ScopeLedger {
public:
    ScopeLedger() = default;
    ScopeLedger(const ScopeLedger&) = delete;
    ScopeLedger& operator=(const ScopeLedger&) = delete;
    virtual ~ScopeLedger() = default;

    /// `none` when the ticket still holds, otherwise why not. Cheap; I/O thread.
    [[nodiscard]] Reason confirm(const ScopeTicket& ticket) const { return do_confirm(ticket); }

private:
    [[nodiscard]] virtual Reason do_confirm(const ScopeTicket& ticket) const = 0;
};

/// Permission for one asset's sake to contact one resolved address, until it expires or the registry
/// changes. `net` takes one for every connection; nothing but the registry can construct one, so an
/// unauthorised probe does not compile.
class ScopeTicket {
public:
    [[nodiscard]] const AssetId& asset() const { return asset_; }
    [[nodiscard]] const IpAddress& address() const { return address_; }
    /// The host name whose resolution gave the address; an address's own text otherwise.
    [[nodiscard]] const std::string& host() const { return host_; }
    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] std::chrono::steady_clock::time_point expires_at() const { return expires_at_; }

    /// `none` while it may be used.
    [[nodiscard]] Reason confirm() const { return ledger_->confirm(*this); }

private:
    friend class registry::ScopeAuthority;
    ScopeTicket(
        AssetId asset,
        std::string host,
        IpAddress address,
        std::uint64_t number,
        std::chrono::steady_clock::time_point expires_at,
        const ScopeLedger& ledger
    )
        : asset_(std::move(asset)),
          host_(std::move(host)),
          address_(address),
          number_(number),
          expires_at_(expires_at),
          ledger_(&ledger) {}

    AssetId asset_;
    std::string host_;
    IpAddress address_;
    std::uint64_t number_;
    std::chrono::steady_clock::time_point expires_at_;
    const ScopeLedger* ledger_; ///< outlives every ticket: it is a service of main
};

/// Where probes ask for tickets: the registry, seen from modules that may not include it. I/O thread.
class ScopeGate {
public:
    ScopeGate() = default;
    ScopeGate(const ScopeGate&) = delete;
    ScopeGate& operator=(const ScopeGate&) = delete;
    virtual ~ScopeGate() = default;

    /// May `address`, which `host` resolved to, be contacted for the asset's sake? A ticket, or why not.
    [[nodiscard]] std::variant<ScopeTicket, Reason> admit(
        const AssetId& asset, std::string_view host, const IpAddress& address
    ) const {
        return do_admit(asset, host, address);
    }
    /// A registered URL of that scheme on that host, for finding a site's counterpart on another port.
    [[nodiscard]] std::optional<Url> registered_url(Scheme scheme, std::string_view host) const {
        return do_registered_url(scheme, host);
    }
    /// `none` when the host is registered (or `asset`'s own) and authorised, before any address is known.
    [[nodiscard]] Reason permits_host(const AssetId& asset, std::string_view host) const {
        return do_permits_host(asset, host);
    }

private:
    [[nodiscard]] virtual std::variant<ScopeTicket, Reason> do_admit(
        const AssetId& asset, std::string_view host, const IpAddress& address
    ) const = 0;
    [[nodiscard]] virtual std::optional<Url> do_registered_url(Scheme scheme, std::string_view host)
        const = 0;
    [[nodiscard]] virtual Reason do_permits_host(const AssetId& asset, std::string_view host) const = 0;
};

} // namespace fengsui::model
