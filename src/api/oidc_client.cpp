#include "api/oidc_client.h"

#include "net/service_client.h"
#include "net/service_http.h"
#include "registry/service_scope.h"

#include <fmt/format.h>

namespace fengsui::api {

namespace {

constexpr std::chrono::seconds kExchange{15};
constexpr std::chrono::hours kDiscoveryLife{1};
constexpr std::chrono::seconds kBetweenKeyFetches{10};
constexpr int kOk = 200;

std::string verdict_text(JwtVerdict verdict) {
    switch (verdict) {
    case JwtVerdict::good:
        return {};
    case JwtVerdict::unknown_key:
        return "the token's key is not the provider's";
    case JwtVerdict::bad_algorithm:
        return "the token is signed by another algorithm than RS256 or ES256, or not by its key's";
    case JwtVerdict::bad_signature:
        break;
    }
    return "the token's signature is wrong";
}

} // namespace

OidcClient::OidcClient(net::ServiceClient& client, const registry::ServiceScope& scope, OidcConfig config)
    : client_(client), scope_(scope), config_(std::move(config)), issuer_(config_.check()) {}

net::Task<OidcClient::Fetched> OidcClient::fetch(
    std::string path, std::string form, std::string authorization
) {
    Fetched fetched;
    auto pass = scope_.pass(model::ServiceKind::identity_provider);
    if (!pass || pass->host() != issuer_.host || pass->port() != issuer_.port) {
        fetched.trouble = "the sign-in provider is not among the configured services";
        co_return fetched;
    }
    net::ServiceRequest request;
    request.path = std::move(path);
    request.scheme = issuer_.scheme;
    request.headers.push_back({"Accept", "application/json"});
    if (!authorization.empty()) {
        request.headers.push_back({"Authorization", std::move(authorization)});
    }
    if (!form.empty()) {
        request.content_type = "application/x-www-form-urlencoded";
        request.body = std::move(form);
    }
    const auto answer = co_await net::fetch_from_service(
        client_, std::move(*pass), std::move(request), net::Deadline::in(kExchange)
    );
    if (answer.status != kOk || !answer.is_body_complete) {
        fetched.trouble = answer.status == 0 ? answer.trouble : fmt::format("HTTP {}", answer.status);
        co_return fetched;
    }
    auto json = base::parse_json(answer.body);
    if (json) {
        fetched.json = std::move(*json);
    } else {
        fetched.trouble = "the answer is no JSON";
    }
    co_return fetched;
}

net::Task<std::string> OidcClient::discover() {
    if (provider_ && net::Deadline::Clock::now() < provider_until_) {
        co_return std::string();
    }
    const auto fetched = co_await fetch(discovery_path(issuer_), std::string(), std::string());
    if (!fetched.json) {
        // What was known an hour ago is better than nobody being able to sign in.
        co_return provider_ ? std::string() : "discovery: " + fetched.trouble;
    }
    auto provider = read_discovery(*fetched.json, config_);
    if (!provider) {
        co_return "discovery: " + provider.error().message();
    }
    provider_ = std::move(*provider);
    provider_until_ = net::Deadline::Clock::now() + kDiscoveryLife;
    co_return std::string();
}

net::Task<std::string> OidcClient::fetch_keys() {
    if (net::Deadline::Clock::now() < next_key_fetch_) {
        co_return std::string();
    }
    next_key_fetch_ = net::Deadline::Clock::now() + kBetweenKeyFetches;
    const auto fetched = co_await fetch(provider_->jwks_path, std::string(), std::string());
    if (!fetched.json) {
        co_return "keys: " + fetched.trouble;
    }
    auto keys = parse_jwks(*fetched.json);
    if (!keys) {
        co_return "keys: " + keys.error().message();
    }
    keys_ = std::move(*keys);
    co_return std::string();
}

net::Task<std::string> OidcClient::verify(const Jwt& token) {
    auto verdict = verify_jwt(token, keys_);
    if (verdict == JwtVerdict::unknown_key) {
        const std::string trouble = co_await fetch_keys();
        if (!trouble.empty()) {
            co_return trouble;
        }
        verdict = verify_jwt(token, keys_);
    }
    co_return verdict_text(verdict);
}

net::Task<OidcBegun> OidcClient::begin_sign_in(base::Instant now) {
    OidcBegun begun;
    begun.trouble = co_await discover();
    if (begun.trouble.empty()) {
        begun.start = make_start(config_, *provider_, now);
    }
    co_return begun;
}

net::Task<OidcOutcome> OidcClient::finish_sign_in(OidcPending pending, std::string code, base::Instant now) {
    OidcOutcome outcome;
    outcome.trouble = co_await discover();
    if (!outcome.trouble.empty()) {
        co_return outcome;
    }
    const auto fetched = co_await fetch(
        provider_->token_path,
        token_request(config_, *provider_, code, pending),
        token_authorization(config_, *provider_)
    );
    if (!fetched.json) {
        outcome.trouble = "token: " + fetched.trouble;
        co_return outcome;
    }
    const auto token = parse_jwt((*fetched.json)["id_token"].as_string());
    if (!token) {
        outcome.trouble = token.error().message();
        co_return outcome;
    }
    outcome.trouble = co_await verify(*token);
    if (!outcome.trouble.empty()) {
        co_return outcome;
    }
    auto identity = check_claims(token->claims, config_, pending.nonce, now);
    if (identity) {
        outcome.identity = std::move(*identity);
    } else {
        outcome.trouble = identity.error().message();
    }
    co_return outcome;
}

std::optional<store::User> find_oidc_user(store::Database& database, const OidcIdentity& identity) {
    auto user = store::UserStore(database).find_by_name(identity.user_name);
    return user && !user->disabled ? std::move(user) : std::nullopt;
}

} // namespace fengsui::api
