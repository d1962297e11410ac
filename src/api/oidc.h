// Signing in through the organisation's own provider (OpenID Connect Core 1.0, authorization code with PKCE).
// Pure: texts in, texts out; oidc_client.h does the talking.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "model/url.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace fengsui::api {

struct OidcConfig {
    std::string issuer; ///< exactly as the provider names itself
    std::string client_id;
    std::string client_secret;   ///< empty: a public client
    std::string claim = "email"; ///< whose value is the user's name here
    std::string redirect_uri;    ///< where the provider sends people back to

    /// The issuer taken apart. Throws invalid_argument when the issuer or the redirect is not https (http is
    /// allowed on loopback only), or a part is missing.
    [[nodiscard]] model::Url check() const;
};

/// What the discovery document tells.
struct OidcProvider {
    std::string authorization_endpoint;
    std::string token_path; ///< on the issuer's own host and port, as is jwks_path
    std::string jwks_path;
    bool is_secret_in_body = false; ///< client_secret_post; otherwise HTTP Basic
};
/// `/.well-known/openid-configuration` below the issuer's path.
std::string discovery_path(const model::Url& issuer);
/// An error when the document is another issuer's, or names a token or key address elsewhere.
base::Result<OidcProvider> read_discovery(const base::Json& document, const OidcConfig& config);

/// What must be remembered from the way out to the way back. Secret.
struct OidcPending {
    std::string state;
    std::string nonce;
    std::string verifier; ///< PKCE (RFC 7636)
    base::Instant expires_at{};
};
struct OidcStart {
    std::string redirect_url;
    OidcPending pending;
};
/// New random values and the address to send the browser to.
OidcStart make_start(const OidcConfig& config, const OidcProvider& provider, base::Instant now);

/// Sign-ins under way: at most 1000, each once, for ten minutes. Any thread.
class OidcPendings {
public:
    /// The oldest make room.
    void put(OidcPending pending);
    /// The one of that state, which is then gone; nothing when unknown or too old.
    [[nodiscard]] std::optional<OidcPending> take(std::string_view state, base::Instant now);

private:
    std::mutex mutex_;
    std::map<std::string, OidcPending, std::less<>> by_state_;
};

/// The body for the token endpoint; the header for HTTP Basic, or empty.
std::string token_request(
    const OidcConfig& config, const OidcProvider& provider, std::string_view code, const OidcPending& pending
);
std::string token_authorization(const OidcConfig& config, const OidcProvider& provider);

struct OidcIdentity {
    std::string subject;
    std::string user_name; ///< the value of the configured claim
};
/// Judges the claims of a token whose signature is good: iss, aud, azp, exp, iat, nonce (Core 3.1.3.7), and
/// the configured claim. `email` counts only with email_verified.
base::Result<OidcIdentity> check_claims(
    const base::Json& claims, const OidcConfig& config, std::string_view nonce, base::Instant now
);

} // namespace fengsui::api
