// The operator's own services (mail relay, webhook receivers, sign-in provider): not targets, and never
// mixed up with them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fengsui::registry {
class ServiceScope;
}

namespace fengsui::model {

enum class ServiceKind : std::uint8_t { mail_relay, webhook, identity_provider };

/// One service as the configuration names it.
struct ServiceEndpoint {
    ServiceKind kind = ServiceKind::mail_relay;
    std::string name; ///< of a webhook; empty for the others
    std::string host; ///< a name or an address, as configured
    std::uint16_t port = 0;

    bool operator==(const ServiceEndpoint&) const = default;
};

/// Permission to contact one host and port that the configuration named at the start. `net` takes one for
/// every connection that may carry a mail, a body or a secret; nothing but the registry's ServiceScope can
/// construct one. A ScopeTicket does not open such a connection, and this does not open a probe's.
class ServicePass {
public:
    [[nodiscard]] const ServiceEndpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] ServiceKind kind() const { return endpoint_.kind; }
    [[nodiscard]] const std::string& host() const { return endpoint_.host; }
    [[nodiscard]] std::uint16_t port() const { return endpoint_.port; }

private:
    friend class registry::ServiceScope;
    explicit ServicePass(ServiceEndpoint endpoint) : endpoint_(std::move(endpoint)) {}

    ServiceEndpoint endpoint_;
};

} // namespace fengsui::model
