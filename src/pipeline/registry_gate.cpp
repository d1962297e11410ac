#include "pipeline/registry_gate.h"

#include "registry/scope.h"

namespace fengsui::pipeline {

namespace {

bool is_loopback(const model::IpAddress& address) {
    static const auto v4 = model::Prefix::parse("127.0.0.0/8").value();
    static const auto v6 = model::Prefix::parse("::1").value();
    return v4.contains(address) || v6.contains(address);
}

} // namespace

std::variant<model::ScopeTicket, model::Reason> RegistryGate::do_admit(
    const model::AssetId& asset, std::string_view host, const model::IpAddress& address
) const {
    auto admission = authority_.admit(asset, host, address);
    const bool is_permitted = std::holds_alternative<model::ScopeTicket>(admission);
    if (is_permitted && policy_ == ContactPolicy::loopback_only && !is_loopback(address)) {
        return model::Reason::policy;
    }
    return admission;
}

/// Where a host has several ports of one scheme, nobody can say which of them belong together.
std::optional<model::Url> RegistryGate::do_registered_url(model::Scheme scheme, std::string_view host) const {
    std::optional<model::Url> found;
    std::optional<model::Url> other;
    for (const auto& url : authority_.authorised_urls_on(host)) {
        auto& known = url.scheme == scheme ? found : other;
        if (known && known->port != url.port) {
            return std::nullopt;
        }
        known = known ? known : std::optional(url);
    }
    return found;
}

model::Reason RegistryGate::do_permits_host(const model::AssetId& asset, std::string_view host) const {
    return authority_.permits_host(asset, host);
}

} // namespace fengsui::pipeline
