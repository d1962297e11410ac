// The registry's permission as probes see it, and the rule that strangers are told whom to ask.
#pragma once

#include "model/scope.h"

namespace fengsui::registry {
class ScopeAuthority;
}

namespace fengsui::pipeline {

enum class ContactPolicy {
    any_address,   ///< the operator's contact is configured and named in every request
    loopback_only, ///< it is not: nothing but this machine is contacted
};

class RegistryGate final : public model::ScopeGate {
public:
    RegistryGate(registry::ScopeAuthority& authority, ContactPolicy policy)
        : authority_(authority), policy_(policy) {}

private:
    [[nodiscard]] std::variant<model::ScopeTicket, model::Reason> do_admit(
        const model::AssetId& asset, std::string_view host, const model::IpAddress& address
    ) const override;
    [[nodiscard]] std::optional<model::Url> do_registered_url(model::Scheme scheme, std::string_view host)
        const override;
    [[nodiscard]] model::Reason do_permits_host(const model::AssetId& asset, std::string_view host)
        const override;

    registry::ScopeAuthority& authority_;
    ContactPolicy policy_;
};

} // namespace fengsui::pipeline
