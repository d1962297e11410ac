// Sign-in through the organisation's provider, as browsers see it: out with a redirect, back with a page.
#pragma once

#include "api/oidc_client.h"
#include "net/http_server.h"

namespace fengsui::api {

struct Services;

/// I/O thread. Outlives its tasks.
class OidcSignIn {
public:
    /// Throws invalid_argument when the configuration is not whole.
    OidcSignIn(net::ServiceClient& client, const registry::ServiceScope& scope, OidcConfig config)
        : client_(client, scope, std::move(config)) {}

    /// 302 to the provider; 503 when it cannot be asked.
    net::Task<net::ServerResponse> start();
    /// What the provider sent the browser back with: a page that moves on, with a session or 401 without.
    net::Task<net::ServerResponse> finish(Services& services, const net::ServerRequest& request);

private:
    OidcClient client_;
    OidcPendings pendings_;
};

} // namespace fengsui::api
