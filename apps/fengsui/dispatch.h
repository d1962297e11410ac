// What leaves the house: the outbox's deliveries through the operator's relay and webhooks.
#pragma once

#include "fengsui/service_settings.h"

#include "net/service_client.h"
#include "registry/service_scope.h"

namespace fengsui::store {
class Database;
}

namespace fengsui::apps {

class Dispatch {
public:
    /// Throws invalid_argument for options that cannot be.
    Dispatch(net::Runtime& runtime, const Settings& settings, store::Database& database);

    /// True when there is a relay or a webhook: else nothing is ever sent.
    [[nodiscard]] bool is_configured() const;
    [[nodiscard]] bool sends_mail() const { return services_.mail.has_value(); }
    [[nodiscard]] std::vector<std::string> webhook_names() const;
    [[nodiscard]] const std::optional<api::OidcConfig>& oidc() const { return services_.oidc; }
    [[nodiscard]] net::ServiceClient& client() { return client_; }
    [[nodiscard]] const registry::ServiceScope& scope() const { return scope_; }

    net::Task<> run() { return flow_.run(); }
    void ring() { flow_.ring(); }
    void end() { flow_.end(); }

private:
    ServiceSettings services_;
    registry::ServiceScope scope_;
    net::ServiceClient client_;
    pipeline::SendingFlow flow_;
};

} // namespace fengsui::apps
