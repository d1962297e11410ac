#include "api/fixture_for_test.h"
#include "api/oidc_routes.h"
#include "api/totp.h"
#include "base/codec.h"
#include "net/service_client.h"
#include "registry/service_scope.h"

namespace fengsui::api {
namespace {

using base::Json;
using net::ServerRequest;
using net::ServerResponse;
using test::ApiTest;

constexpr auto kStep = std::chrono::seconds(30);
constexpr const char* kPassword = "a long password";

/// Li, signed in with a password; the clock stands unless the test moves it.
class SecondFactor : public ApiTest {
protected:
    void SetUp() override {
        ApiTest::SetUp();
        const auto made = call(
            "POST",
            "/users",
            token_,
            Json::object({{"name", "li"}, {"roles", Json::array({"duty"})}, {"password", kPassword}})
        );
        li_ = body(made)["id"].as_string();
        sign_in_as_li();
    }

    ServerResponse try_to_sign_in(const std::string& code, const char* password = kPassword) {
        Json json = Json::object({{"name", "li"}, {"password", password}});
        if (!code.empty()) {
            json.set("code", code);
        }
        return call("POST", "/session", {}, json);
    }
    void sign_in_as_li() {
        const auto answer = try_to_sign_in({});
        ASSERT_EQ(answer.status, 200) << answer.body;
        cookie_ = answer.headers;
        csrf_ = body(answer)["csrf"].as_string();
    }
    ServerResponse as_li(
        const std::string& method, const std::string& path, const Json& json = {}, const std::string& key = {}
    ) {
        const auto* cookie = model::find_header(cookie_, "Set-Cookie");
        ServerRequest request;
        request.method = method;
        request.path = "/api/v1" + path;
        request.target = request.path;
        request.headers = {{"Cookie", cookie->substr(0, cookie->find(';'))}, {"X-CSRF-Token", csrf_}};
        if (!key.empty()) {
            request.headers.push_back({"Idempotency-Key", key});
        }
        if (!json.is_null()) {
            request.headers.push_back({"Content-Type", "application/json"});
            request.body = base::to_text(json);
        }
        return send(std::move(request));
    }
    [[nodiscard]] std::string code_at(const std::string& secret, base::Instant at) const {
        std::string key;
        EXPECT_TRUE(base::decode_base32(secret, key));
        return totp_code(key, totp_step(at));
    }
    [[nodiscard]] std::string code() const { return code_at(secret_, clock_.now()); }
    void enrol() {
        secret_ = body(as_li("POST", "/session/totp"))["secret"].as_string();
        const auto confirmed = as_li("POST", "/session/totp/confirm", Json::object({{"code", code()}}));
        ASSERT_EQ(confirmed.status, 200) << confirmed.body;
    }
    void pass_time() {
        clock_.move(clock_.now() + kStep, [] {});
    }

    std::string li_;
    std::string secret_;
};

TEST_F(SecondFactor, NothingChangesBeforeItIsConfirmed) {
    const auto begun = body(as_li("POST", "/session/totp"));
    EXPECT_TRUE(begun["uri"].as_string().starts_with("otpauth://totp/Fengsui:li?secret="));
    EXPECT_EQ(as_li("POST", "/session/totp/confirm", Json::object({{"code", "12345"}})).status, 422);
    EXPECT_EQ(try_to_sign_in({}).status, 200);
    EXPECT_FALSE(body(call("GET", "/users/" + li_, token_))["totp"].as_bool());
}

TEST_F(SecondFactor, OnlyTheLastSecretCanBeConfirmed) {
    const auto first = body(as_li("POST", "/session/totp"))["secret"].as_string();
    const auto second = body(as_li("POST", "/session/totp"))["secret"].as_string();
    const auto confirm = [&](const std::string& secret) {
        return as_li(
                   "POST", "/session/totp/confirm", Json::object({{"code", code_at(secret, clock_.now())}})
        ).status;
    };
    EXPECT_NE(first, second);
    EXPECT_EQ(confirm(first), 422);
    EXPECT_EQ(confirm(second), 200);
    EXPECT_EQ(confirm(second), 409) << "it is on already";
    EXPECT_EQ(as_li("POST", "/session/totp").status, 409)
        << "and is not replaced by whoever finds a page open";
}

TEST_F(SecondFactor, SignInNeedsTheCodeAfterTheRightPassword) {
    enrol();
    pass_time();
    EXPECT_EQ(body(try_to_sign_in({}))["code"].as_string(), "second_factor");
    EXPECT_EQ(body(try_to_sign_in("000", kPassword))["code"].as_string(), "second_factor");
    EXPECT_EQ(body(try_to_sign_in({}, "another password"))["code"].as_string(), "wrong_password");
    EXPECT_EQ(body(try_to_sign_in(code(), "another password"))["code"].as_string(), "wrong_password");
    const auto signed_in = try_to_sign_in(code());
    EXPECT_EQ(signed_in.status, 200) << "a wrong password uses no code up";
    EXPECT_TRUE(body(signed_in)["user"]["totp"].as_bool());
}

TEST_F(SecondFactor, NoCodeWorksTwice) {
    enrol();
    EXPECT_EQ(try_to_sign_in(code()).status, 401) << "the one that confirmed";
    pass_time();
    EXPECT_EQ(try_to_sign_in(code()).status, 200);
    EXPECT_EQ(try_to_sign_in(code()).status, 401);
    EXPECT_EQ(try_to_sign_in(code_at(secret_, clock_.now() - kStep)).status, 401) << "nor an earlier one";
    pass_time();
    EXPECT_EQ(try_to_sign_in(code()).status, 200);
}

TEST_F(SecondFactor, WrongCodesAreCountedAndARightPasswordForgivesNone) {
    enrol();
    pass_time();
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(try_to_sign_in("000").status, 401);
        EXPECT_NE(try_to_sign_in({}).status, 200) << "asks for the code, and resets nothing";
    }
    EXPECT_EQ(try_to_sign_in(code()).status, 429);
}

TEST_F(SecondFactor, IsTakenAwayWithPasswordAndCode) {
    enrol();
    pass_time();
    const auto remove = [&](const Json& json) {
        return as_li("DELETE", "/session/totp", json).status;
    };
    EXPECT_EQ(remove({}), 422);
    EXPECT_EQ(remove(Json::object({{"password", "another password"}, {"code", code()}})), 401);
    EXPECT_EQ(remove(Json::object({{"password", kPassword}})), 401);
    EXPECT_TRUE(body(as_li("GET", "/session"))["user"]["totp"].as_bool());
    EXPECT_EQ(remove(Json::object({{"password", kPassword}, {"code", code()}})), 204);
    EXPECT_EQ(try_to_sign_in({}).status, 200);
}

TEST_F(SecondFactor, AnAdministratorTakesItAwayAndPutsNoneOn) {
    const auto change = [&](bool totp) {
        return call("PATCH", "/users/" + li_, token_, Json::object({{"totp", totp}}));
    };
    EXPECT_EQ(change(true).status, 422);
    enrol();
    EXPECT_EQ(change(true).status, 200) << "as it is";
    const auto before = body(call("GET", "/users/" + li_, token_));
    EXPECT_TRUE(before["totp"].as_bool());
    const auto after = body(change(false));
    EXPECT_FALSE(after["totp"].as_bool());
    EXPECT_GT(after["rev"].as_int(), before["rev"].as_int());
    EXPECT_EQ(try_to_sign_in({}).status, 200);
    const auto audit = call("GET", "/audit", token_).body;
    EXPECT_NE(audit.find("totp_enabled"), std::string::npos);
    EXPECT_NE(audit.find("totp_cleared"), std::string::npos);
}

TEST_F(SecondFactor, TheSecretIsShownOnce) {
    enrol();
    for (const auto* path : {"/users", "/audit"}) {
        EXPECT_EQ(call("GET", path, token_).body.find(secret_), std::string::npos) << path;
    }
    EXPECT_EQ(as_li("GET", "/session").body.find(secret_), std::string::npos);
}

TEST_F(SecondFactor, NoAnswerWithASecretIsKept) {
    const auto answer = as_li("POST", "/session/totp", {}, "k1");
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(store::UserStore(*database_).totp_of(li_)->pending.empty());
}

TEST_F(SecondFactor, TokensNeitherNeedNorChangeIt) {
    const auto token = token_of(li_);
    EXPECT_EQ(call("POST", "/session/totp", token).status, 403);
    enrol();
    EXPECT_EQ(call("GET", "/units", token).status, 200);
    EXPECT_EQ(call("DELETE", "/session/totp", token, Json::object({{"password", kPassword}})).status, 403);
}

TEST_F(ApiTest, WithoutAProviderThereIsNoSuchRoute) {
    EXPECT_EQ(call("GET", "/session/oidc", {}).status, 404);
    EXPECT_EQ(call("GET", "/session/oidc/callback", {}).status, 404);
}

TEST_F(ApiTest, NobodyComesBackWhoDidNotGoOut) {
    net::ServiceClient client(runtime_, {});
    const registry::ServiceScope nothing({});
    OidcConfig config;
    config.issuer = "https://id.example";
    config.client_id = "fengsui";
    config.redirect_uri = "https://office.example/api/v1/session/oidc/callback";
    OidcSignIn provider(client, nothing, config);
    services_.oidc = &provider;
    EXPECT_EQ(call("GET", "/session/oidc", {}).status, 503);
    EXPECT_EQ(call("POST", "/session/oidc", {}, Json::object()).status, 405);
    ServerRequest request;
    request.method = "GET";
    request.path = "/api/v1/session/oidc/callback";
    request.query = {{"state", "s"}, {"code", "c"}};
    EXPECT_EQ(send(request).status, 401);
    request.headers = {{"Cookie", "fengsui_sign_in=s"}};
    const auto answer = send(request);
    EXPECT_EQ(answer.status, 401);
    EXPECT_NE(answer.body.find("url=/#/sign-in?refused=provider"), std::string::npos);
    EXPECT_EQ(answer.body.find("<script"), std::string::npos);
    EXPECT_EQ(model::find_header(answer.headers, "Set-Cookie")->find("fengsui_session"), std::string::npos);
    services_.oidc = nullptr;
}

} // namespace
} // namespace fengsui::api
