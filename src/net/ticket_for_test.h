// Tickets for the tests of net, which does not link the registry. Never include this beside
// "registry/scope.h": it takes the place of the one class that may make tickets.
#pragma once

#include "model/scope.h"

namespace fengsui::registry {

/// Grants everything until `revoke`.
class ScopeAuthority final : public model::ScopeLedger {
public:
    [[nodiscard]] model::ScopeTicket ticket(
        const model::IpAddress& address, const std::string& host = "test.example"
    ) const {
        const auto expires_at = std::chrono::steady_clock::now() + std::chrono::hours(1);
        return {model::AssetId("asset"), host, address, 1, expires_at, *this};
    }
    void revoke(model::Reason reason) { reason_ = reason; }

private:
    [[nodiscard]] model::Reason do_confirm(const model::ScopeTicket& /*ticket*/) const override {
        return reason_;
    }
    model::Reason reason_ = model::Reason::none;
};

} // namespace fengsui::registry
