#include "api/oidc.h"

#include "api/form.h"
#include "base/codec.h"
#include "base/hash.h"
#include "base/text.h"

#include <algorithm>

namespace fengsui::api {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;

constexpr std::chrono::minutes kPendingLife{10};
constexpr std::chrono::minutes kSkew{2};         // between our clock and the provider's
constexpr std::chrono::minutes kOldestToken{15}; // it was made a moment ago
constexpr std::size_t kMaxPending = 1000;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kLongestName = 200;

Error bad(std::string text) {
    return {ErrorCode::invalid_argument, std::move(text)};
}

bool is_loopback(const model::Url& url) {
    const auto address = url.address();
    static const auto v4 = model::Prefix::parse("127.0.0.0/8").or_throw();
    static const auto v6 = model::Prefix::parse("::1").or_throw();
    return url.host == "localhost" || (address && (v4.contains(*address) || v6.contains(*address)));
}

model::Url safe_url(std::string_view name, const std::string& text) {
    auto url = model::Url::parse(text).context(name).or_throw();
    if (url.scheme != model::Scheme::https && !is_loopback(url)) {
        throw bad(std::string(name) + ": " + text + " must be https; http is for loopback only");
    }
    return url;
}

/// The path of an address on the issuer's own host and port, or an error: nothing else is in scope.
base::Result<std::string> own_path(const Json& document, std::string_view name, const model::Url& issuer) {
    const auto& text = document[name].as_string();
    const auto url = model::Url::parse(text).context(name);
    if (!url) {
        return url.error();
    }
    if (url->origin() != issuer.origin()) {
        return bad(std::string(name) + " is " + url->origin() + ", not on the issuer's " + issuer.origin());
    }
    return url->request_target();
}

bool names_method(const Json& methods, std::string_view wanted) {
    const auto& items = methods.items();
    return std::any_of(items.begin(), items.end(), [&](const Json& item) {
        return item.as_string() == wanted;
    });
}

bool is_audience(const Json& audience, const std::string& client) {
    return audience.as_string() == client || names_method(audience, client);
}

base::Instant instant_of(const Json& seconds) {
    // Far outside of what a clock can show there is nothing to compare: clamped, so that nothing overflows.
    constexpr double kLimit = 1e11;
    return base::Instant(
        std::chrono::seconds(static_cast<std::int64_t>(std::clamp(seconds.as_double(), -kLimit, kLimit)))
    );
}

std::string trouble_of_times(const Json& claims, base::Instant now) {
    if (!claims["exp"].is_number() || !claims["iat"].is_number()) {
        return "the token does not say when it was made and when it expires";
    }
    if (instant_of(claims["exp"]) + kSkew <= now) {
        return "the token has expired";
    }
    const auto made = instant_of(claims["iat"]);
    if (made > now + kSkew || made + kOldestToken < now) {
        return "the token was not made just now; compare the clocks";
    }
    return claims["nbf"].is_number() && instant_of(claims["nbf"]) > now + kSkew ? "the token is not valid yet"
                                                                                : "";
}

std::string trouble_of_parties(const Json& claims, const OidcConfig& config) {
    if (claims["iss"].as_string() != config.issuer) {
        return "the token is another issuer's";
    }
    if (!is_audience(claims["aud"], config.client_id)) {
        return "the token is for somebody else";
    }
    const Json* party = claims.find("azp");
    const bool needs_party = claims["aud"].items().size() > 1;
    const bool is_ours = party != nullptr && party->as_string() == config.client_id;
    return (party != nullptr || needs_party) && !is_ours ? "the token was issued to somebody else" : "";
}

std::string new_secret_text() {
    return base::base64_url(base::random_bytes(kSecretBytes));
}

} // namespace

model::Url OidcConfig::check() const {
    if (client_id.empty() || claim.empty()) {
        throw bad("oidc_client_id and oidc_claim are needed beside oidc_issuer");
    }
    safe_url("public_url", redirect_uri);
    return safe_url("oidc_issuer", issuer);
}

std::string discovery_path(const model::Url& issuer) {
    std::string path = issuer.path;
    while (!path.empty() && path.back() == '/') {
        path.pop_back();
    }
    return path + "/.well-known/openid-configuration";
}

base::Result<OidcProvider> read_discovery(const Json& document, const OidcConfig& config) {
    if (document["issuer"].as_string() != config.issuer) {
        return bad("the discovery document is of issuer \"" + document["issuer"].as_string() + "\"");
    }
    const auto issuer = config.check();
    auto token_path = own_path(document, "token_endpoint", issuer);
    if (!token_path) {
        return token_path.error();
    }
    auto jwks_path = own_path(document, "jwks_uri", issuer);
    if (!jwks_path) {
        return jwks_path.error();
    }
    OidcProvider provider;
    provider.authorization_endpoint = document["authorization_endpoint"].as_string();
    const auto entrance = model::Url::parse(provider.authorization_endpoint);
    if (!entrance || (entrance->scheme != model::Scheme::https && !is_loopback(*entrance))) {
        return bad("the authorization_endpoint is no https address");
    }
    provider.token_path = std::move(*token_path);
    provider.jwks_path = std::move(*jwks_path);
    const auto& methods = document["token_endpoint_auth_methods_supported"];
    provider.is_secret_in_body =
        names_method(methods, "client_secret_post") && !names_method(methods, "client_secret_basic");
    return provider;
}

OidcStart make_start(const OidcConfig& config, const OidcProvider& provider, base::Instant now) {
    OidcStart start;
    start.pending = {new_secret_text(), new_secret_text(), new_secret_text(), now + kPendingLife};
    const bool has_query = provider.authorization_endpoint.find('?') != std::string::npos;
    start.redirect_url = provider.authorization_endpoint + (has_query ? "&" : "?")
                         + form_text({
                             {"response_type", "code"},
                             {"client_id", config.client_id},
                             {"redirect_uri", config.redirect_uri},
                             {"scope", "openid email profile"},
                             {"state", start.pending.state},
                             {"nonce", start.pending.nonce},
                             {"code_challenge", base::base64_url(base::sha256(start.pending.verifier))},
                             {"code_challenge_method", "S256"},
                         });
    return start;
}

void OidcPendings::put(OidcPending pending) {
    const std::lock_guard lock(mutex_);
    if (by_state_.size() >= kMaxPending) {
        const auto oldest =
            std::min_element(by_state_.begin(), by_state_.end(), [](const auto& a, const auto& b) {
                return a.second.expires_at < b.second.expires_at;
            });
        by_state_.erase(oldest);
    }
    std::string state = pending.state;
    by_state_.insert_or_assign(std::move(state), std::move(pending));
}

std::optional<OidcPending> OidcPendings::take(std::string_view state, base::Instant now) {
    const std::lock_guard lock(mutex_);
    std::erase_if(by_state_, [now](const auto& item) { return item.second.expires_at <= now; });
    const auto found = by_state_.find(state);
    if (found == by_state_.end()) {
        return std::nullopt;
    }
    std::optional<OidcPending> pending(std::move(found->second));
    by_state_.erase(found);
    return pending;
}

std::string token_request(
    const OidcConfig& config, const OidcProvider& provider, std::string_view code, const OidcPending& pending
) {
    FormFields fields = {
        {"grant_type", "authorization_code"},
        {"code", std::string(code)},
        {"redirect_uri", config.redirect_uri},
        {"code_verifier", pending.verifier},
    };
    if (provider.is_secret_in_body || config.client_secret.empty()) {
        fields.emplace_back("client_id", config.client_id);
    }
    if (provider.is_secret_in_body && !config.client_secret.empty()) {
        fields.emplace_back("client_secret", config.client_secret);
    }
    return form_text(fields);
}

std::string token_authorization(const OidcConfig& config, const OidcProvider& provider) {
    if (provider.is_secret_in_body || config.client_secret.empty()) {
        return {};
    }
    // RFC 6749 2.3.1: both are form-encoded first.
    return "Basic "
           + base::base64(percent_encoded(config.client_id) + ":" + percent_encoded(config.client_secret));
}

base::Result<OidcIdentity> check_claims(
    const Json& claims, const OidcConfig& config, std::string_view nonce, base::Instant now
) {
    for (const auto& trouble : {trouble_of_parties(claims, config), trouble_of_times(claims, now)}) {
        if (!trouble.empty()) {
            return bad(trouble);
        }
    }
    if (nonce.empty() || claims["nonce"].as_string() != nonce) {
        return bad("the token answers another sign-in (nonce)");
    }
    OidcIdentity identity{claims["sub"].as_string(), claims[config.claim].as_string()};
    if (identity.subject.empty()) {
        return bad("the token names nobody (sub)");
    }
    if (identity.user_name.empty() || identity.user_name.size() > kLongestName) {
        return bad("the token has no claim " + config.claim);
    }
    if (config.claim == "email" && !claims["email_verified"].as_bool()) {
        return bad("the provider has not verified the e-mail address");
    }
    return identity;
}

} // namespace fengsui::api
