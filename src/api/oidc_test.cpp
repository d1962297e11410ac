#include "api/jwt_for_test.h"
#include "api/oidc.h"
#include "api/oidc_client.h"
#include "base/hash.h"
#include "base/text.h"
#include "net/http_server.h"
#include "net/runtime.h"
#include "net/service_client.h"
#include "registry/service_scope.h"

#include <gtest/gtest.h>

namespace fengsui::api {
namespace {

using namespace std::chrono_literals;
using base::Json;

const base::Instant kNow = base::parse_rfc3339("2026-11-24T08:00:00Z").or_throw();

std::int64_t seconds(base::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

OidcConfig config_for(const std::string& issuer = "https://id.example/dex") {
    return {issuer, "fengsui", "s e:cret", "email", "https://office.example/api/v1/session/oidc/callback"};
}

Json discovery(const std::string& issuer = "https://id.example/dex") {
    return Json::object({
        {"issuer", issuer},
        {"authorization_endpoint", issuer + "/auth"},
        {"token_endpoint", issuer + "/token"},
        {"jwks_uri", issuer + "/keys"},
        {"token_endpoint_auth_methods_supported", Json::array({"client_secret_basic", "client_secret_post"})},
    });
}

Json claims_for(const std::string& nonce, const std::string& issuer = "https://id.example/dex") {
    return Json::object({
        {"iss", issuer},
        {"aud", "fengsui"},
        {"sub", "CgVhbGljZQ"},
        {"iat", seconds(kNow)},
        {"exp", seconds(kNow + 1h)},
        {"nonce", nonce},
        {"email", "alice@example.org"},
        {"email_verified", true},
    });
}

std::string trouble_with(const std::string& name, Json value) {
    auto claims = claims_for("n1");
    claims.set(name, std::move(value));
    const auto identity = check_claims(claims, config_for(), "n1", kNow);
    return identity ? std::string() : identity.error().message();
}

/// The value of a query parameter, still encoded.
std::string parameter(const std::string& url, const std::string& name) {
    const auto at = url.find(name + "=");
    return at == std::string::npos
               ? ""
               : url.substr(at + name.size() + 1, url.find('&', at) - at - name.size() - 1);
}

TEST(Oidc, ConfigurationMustBeSafe) {
    EXPECT_EQ(config_for().check().host, "id.example");
    EXPECT_NO_THROW(static_cast<void>(config_for("http://127.0.0.1:5556/dex").check()));
    EXPECT_THROW(static_cast<void>(config_for("http://id.example").check()), base::Error);
    auto config = config_for();
    config.redirect_uri = "http://office.example/cb";
    EXPECT_THROW(static_cast<void>(config.check()), base::Error);
    config = config_for();
    config.client_id.clear();
    EXPECT_THROW(static_cast<void>(config.check()), base::Error);
}

TEST(Oidc, DiscoveryIsHeldAgainstTheConfiguration) {
    const auto provider = read_discovery(discovery(), config_for()).or_throw();
    EXPECT_EQ(provider.token_path, "/dex/token");
    EXPECT_EQ(provider.jwks_path, "/dex/keys");
    EXPECT_FALSE(provider.is_secret_in_body);
    EXPECT_EQ(discovery_path(config_for().check()), "/dex/.well-known/openid-configuration");
    EXPECT_EQ(discovery_path(config_for("https://id.example").check()), "/.well-known/openid-configuration");
    EXPECT_FALSE(read_discovery(discovery("https://evil.example/dex"), config_for()));
    for (const auto* name : {"token_endpoint", "jwks_uri", "authorization_endpoint"}) {
        auto document = discovery();
        document.set(name, "http://127.0.0.9:1/x");
        EXPECT_EQ(
            read_discovery(document, config_for()).has_value(),
            std::string_view(name) == "authorization_endpoint"
        );
        document.set(name, "http://evil.example/x");
        EXPECT_FALSE(read_discovery(document, config_for())) << name;
        document.set(name, Json());
        EXPECT_FALSE(read_discovery(document, config_for())) << name;
    }
}

TEST(Oidc, TheWayOutCarriesStateNonceAndChallenge) {
    const auto provider = read_discovery(discovery(), config_for()).or_throw();
    const auto start = make_start(config_for(), provider, kNow);
    EXPECT_TRUE(
        start.redirect_url.starts_with("https://id.example/dex/auth?response_type=code&client_id=fengsui&")
    );
    EXPECT_EQ(parameter(start.redirect_url, "state"), start.pending.state);
    EXPECT_EQ(parameter(start.redirect_url, "nonce"), start.pending.nonce);
    EXPECT_EQ(
        parameter(start.redirect_url, "code_challenge"),
        base::base64_url(base::sha256(start.pending.verifier))
    );
    EXPECT_EQ(parameter(start.redirect_url, "code_challenge_method"), "S256");
    EXPECT_EQ(
        parameter(start.redirect_url, "redirect_uri"),
        "https%3A%2F%2Foffice.example%2Fapi%2Fv1%2Fsession%2Foidc%2Fcallback"
    );
    EXPECT_EQ(start.redirect_url.find(start.pending.verifier), std::string::npos);
    EXPECT_GE(start.pending.verifier.size(), 43U); // RFC 7636 4.1
    EXPECT_NE(start.pending.state, make_start(config_for(), provider, kNow).pending.state);
}

TEST(Oidc, ASignInComesBackOnceAndInTime) {
    OidcPendings pendings;
    pendings.put({"s1", "n1", "v1", kNow + 10min});
    pendings.put({"s2", "n2", "v2", kNow + 10min});
    EXPECT_FALSE(pendings.take("s3", kNow));
    EXPECT_EQ(pendings.take("s1", kNow)->verifier, "v1");
    EXPECT_FALSE(pendings.take("s1", kNow));
    EXPECT_FALSE(pendings.take("s2", kNow + 10min));
    for (int i = 0; i < 1500; ++i) {
        pendings.put({std::to_string(i), "n", "v", kNow + 10min + std::chrono::seconds(i)});
    }
    EXPECT_FALSE(pendings.take("499", kNow)) << "the oldest made room";
    EXPECT_TRUE(pendings.take("500", kNow));
}

TEST(Oidc, TheCodeIsExchangedWithTheVerifier) {
    auto provider = read_discovery(discovery(), config_for()).or_throw();
    const OidcPending pending{"s", "n", "ver", kNow};
    const auto form = token_request(config_for(), provider, "a b", pending);
    EXPECT_TRUE(form.starts_with("grant_type=authorization_code&code=a%20b&redirect_uri=https%3A%2F%2F"));
    EXPECT_TRUE(form.ends_with("&code_verifier=ver"));
    EXPECT_EQ(token_authorization(config_for(), provider), "Basic " + base::base64("fengsui:s%20e%3Acret"));
    provider.is_secret_in_body = true;
    EXPECT_TRUE(token_request(config_for(), provider, "c", pending)
                    .ends_with("&client_id=fengsui&client_secret=s%20e%3Acret"));
    EXPECT_EQ(token_authorization(config_for(), provider), "");
    auto open_client = config_for();
    open_client.client_secret.clear();
    EXPECT_TRUE(token_request(open_client, provider, "c", pending).ends_with("&client_id=fengsui"));
}

TEST(Oidc, GoodClaimsNameTheUser) {
    const auto identity = check_claims(claims_for("n1"), config_for(), "n1", kNow).or_throw();
    EXPECT_EQ(identity.subject, "CgVhbGljZQ");
    EXPECT_EQ(identity.user_name, "alice@example.org");
    auto config = config_for();
    config.claim = "preferred_username";
    EXPECT_FALSE(check_claims(claims_for("n1"), config, "n1", kNow));
    auto claims = claims_for("n1");
    claims.set("preferred_username", "alice");
    EXPECT_EQ(check_claims(claims, config, "n1", kNow)->user_name, "alice");
}

TEST(Oidc, EveryClaimIsJudged) {
    EXPECT_EQ(trouble_with("iss", "https://id.example/dex"), "");
    EXPECT_NE(trouble_with("iss", "https://id.example/dex/"), "");
    EXPECT_NE(trouble_with("iss", Json()), "");
    EXPECT_NE(trouble_with("aud", "other"), "");
    EXPECT_EQ(trouble_with("aud", Json::array({"fengsui"})), "");
    EXPECT_NE(trouble_with("aud", Json::array({"fengsui", "other"})), "") << "without azp";
    EXPECT_EQ(trouble_with("azp", "fengsui"), "");
    EXPECT_NE(trouble_with("azp", "other"), "");
    EXPECT_NE(trouble_with("azp", 7), "");
    EXPECT_NE(trouble_with("exp", seconds(kNow - 3min)), "");
    EXPECT_EQ(trouble_with("exp", seconds(kNow - 1min)), "") << "the clocks may differ a little";
    EXPECT_NE(trouble_with("exp", "tomorrow"), "");
    EXPECT_EQ(trouble_with("exp", 1e300), "");
    EXPECT_NE(trouble_with("iat", seconds(kNow + 1h)), "");
    EXPECT_NE(trouble_with("iat", seconds(kNow - 1h)), "");
    EXPECT_NE(trouble_with("nbf", seconds(kNow + 1h)), "");
    EXPECT_NE(trouble_with("nonce", "n2"), "");
    EXPECT_NE(trouble_with("nonce", Json()), "");
    EXPECT_NE(trouble_with("sub", ""), "");
    EXPECT_NE(trouble_with("email", ""), "");
    EXPECT_NE(trouble_with("email_verified", false), "");
    EXPECT_NE(trouble_with("email_verified", "true"), "");
    EXPECT_FALSE(check_claims(claims_for(""), config_for(), "", kNow)) << "no nonce was asked for";
}

/// A provider in this process: answers with what the test puts in.
class Provider {
public:
    explicit Provider(net::Runtime& runtime)
        : server_(
            runtime,
            model::IpAddress::v4(0x7f000001),
            0,
            {},
            [this](net::ServerRequest request) { return answer(std::move(request)); },
            [](int) { return std::string(); }
        ) {
        issuer = "http://127.0.0.1:" + std::to_string(server_.port());
    }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    [[nodiscard]] int count(const std::string& path) const {
        return static_cast<int>(std::count(paths.begin(), paths.end(), path));
    }
    void stop() { server_.stop(); }

    std::string issuer;
    base::JsonArray keys;
    std::string id_token;
    int token_status = 200;
    std::vector<std::string> paths;
    std::string token_form;
    std::string token_credentials;

private:
    net::Task<net::ServerResponse> answer(net::ServerRequest request) {
        paths.push_back(request.path);
        net::ServerResponse response;
        Json body = Json::object({{"id_token", id_token}, {"access_token", "x"}});
        if (request.path == "/.well-known/openid-configuration") {
            body = discovery(issuer);
        } else if (request.path == "/keys") {
            body = Json::object({{"keys", Json::array(keys)}});
        } else {
            token_form = request.body;
            const auto* credentials = request.header("Authorization");
            token_credentials = credentials == nullptr ? "" : *credentials;
            response.status = token_status;
        }
        response.body = base::to_text(body);
        co_return response;
    }
    net::HttpServer server_;
};

net::Task<> begin_into(OidcClient& client, OidcBegun& begun) {
    begun = co_await client.begin_sign_in(kNow);
}
net::Task<> finish_into(OidcClient& client, OidcPending pending, OidcOutcome& outcome) {
    outcome = co_await client.finish_sign_in(std::move(pending), "the-code", kNow);
}

class OidcClientTest : public testing::Test {
protected:
    OidcClientTest() { provider.keys = {key.jwk()}; }
    ~OidcClientTest() override { provider.stop(); }

    OidcBegun begin() {
        OidcBegun begun;
        runtime.run(begin_into(client, begun));
        return begun;
    }
    OidcOutcome finish(const OidcPending& pending) {
        OidcOutcome outcome;
        runtime.run(finish_into(client, pending, outcome));
        return outcome;
    }
    Json claims(const OidcStart& start) { return claims_for(start.pending.nonce, provider.issuer); }

    net::Runtime runtime;
    test::SigningKey key{test::SigningKey::Kind::ec, "k1"};
    Provider provider{runtime};
    registry::ServiceScope scope{{{model::ServiceKind::identity_provider, "", "127.0.0.1", provider.port()}}};
    net::ServiceClient services{runtime, {}};
    OidcClient client{services, scope, config_for(provider.issuer)};
};

TEST_F(OidcClientTest, SignsInAgainstALiveProvider) {
    const auto begun = begin();
    ASSERT_TRUE(begun.start) << begun.trouble;
    provider.id_token = key.token(claims(*begun.start));
    const auto outcome = finish(begun.start->pending);
    ASSERT_TRUE(outcome.identity) << outcome.trouble;
    EXPECT_EQ(outcome.identity->user_name, "alice@example.org");
    EXPECT_NE(provider.token_form.find("code=the-code"), std::string::npos);
    EXPECT_NE(provider.token_form.find("code_verifier=" + begun.start->pending.verifier), std::string::npos);
    EXPECT_TRUE(provider.token_credentials.starts_with("Basic "));
    begin();
    EXPECT_EQ(provider.count("/.well-known/openid-configuration"), 1) << "kept for an hour";
}

TEST_F(OidcClientTest, AnotherSignInsTokenIsRefused) {
    const auto one = begin();
    const auto other = begin();
    provider.id_token = key.token(claims(*other.start));
    EXPECT_FALSE(finish(one.start->pending).identity);
}

TEST_F(OidcClientTest, AForgedTokenIsRefused) {
    const auto begun = begin();
    const test::SigningKey impostor(test::SigningKey::Kind::ec, "k1");
    provider.id_token = impostor.token(claims(*begun.start));
    const auto outcome = finish(begun.start->pending);
    EXPECT_FALSE(outcome.identity);
    EXPECT_EQ(outcome.trouble, "the token's signature is wrong");
}

TEST_F(OidcClientTest, ChangedKeysAreFetchedOnceMore) {
    const auto begun = begin();
    const test::SigningKey stranger(test::SigningKey::Kind::ec, "k2");
    provider.id_token = stranger.token(claims(*begun.start));
    EXPECT_FALSE(finish(begun.start->pending).identity);
    EXPECT_EQ(provider.count("/keys"), 1);
    EXPECT_FALSE(finish(begun.start->pending).identity);
    EXPECT_EQ(provider.count("/keys"), 1) << "not for every bad token";
}

TEST_F(OidcClientTest, TroubleIsToldAndNotThrown) {
    const auto begun = begin();
    provider.token_status = 400;
    EXPECT_EQ(finish(begun.start->pending).trouble, "token: HTTP 400");
    provider.token_status = 200;
    provider.id_token = "nonsense";
    EXPECT_FALSE(finish(begun.start->pending).trouble.empty());
}

TEST_F(OidcClientTest, OutsideTheScopeNothingIsAsked) {
    const registry::ServiceScope nothing({});
    OidcClient stranger(services, nothing, config_for(provider.issuer));
    OidcBegun begun;
    runtime.run(begin_into(stranger, begun));
    EXPECT_FALSE(begun.start);
    EXPECT_NE(begun.trouble.find("not among the configured services"), std::string::npos);
    EXPECT_TRUE(provider.paths.empty());
}

} // namespace
} // namespace fengsui::api
