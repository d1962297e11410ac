// Talking to the sign-in provider: discovery, keys, and the exchange of a code for a verified identity.
#pragma once

#include "api/jwt.h"
#include "api/oidc.h"
#include "net/task.h"
#include "store/user_store.h"

namespace fengsui::net {
class ServiceClient;
}
namespace fengsui::registry {
class ServiceScope;
}

namespace fengsui::api {

struct OidcBegun {
    std::optional<OidcStart> start;
    std::string trouble; ///< for the log, when there is none
};
struct OidcOutcome {
    std::optional<OidcIdentity> identity;
    std::string trouble; ///< for the log and the audit; holds no secret
};

/// I/O thread. Outlives its tasks.
class OidcClient {
public:
    /// Throws invalid_argument when the configuration is not whole.
    OidcClient(net::ServiceClient& client, const registry::ServiceScope& scope, OidcConfig config);

    /// Asks for the discovery document when it is not known yet or older than an hour.
    net::Task<OidcBegun> begin_sign_in(base::Instant now);
    /// `pending` was taken by the state that came back with `code`. The keys are fetched once more when the
    /// token's is unknown, at most once in ten seconds.
    net::Task<OidcOutcome> finish_sign_in(OidcPending pending, std::string code, base::Instant now);

private:
    struct Fetched {
        std::optional<base::Json> json;
        std::string trouble;
    };
    net::Task<Fetched> fetch(std::string path, std::string form, std::string authorization);
    net::Task<std::string> discover();
    net::Task<std::string> fetch_keys();
    net::Task<std::string> verify(const Jwt& token);

    net::ServiceClient& client_;
    const registry::ServiceScope& scope_;
    OidcConfig config_;
    model::Url issuer_;
    std::optional<OidcProvider> provider_;
    net::Deadline::Clock::time_point provider_until_{};
    std::vector<Jwk> keys_;
    net::Deadline::Clock::time_point next_key_fetch_{};
};

/// The enabled user whose name is the identity's. Nobody is made: who may sign in is the office's decision.
/// Blocking.
std::optional<store::User> find_oidc_user(store::Database& database, const OidcIdentity& identity);

} // namespace fengsui::api
