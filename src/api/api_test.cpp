#include "api/fixture_for_test.h"

namespace fengsui::api {
namespace {

using base::Json;
using net::ServerRequest;
using test::ApiTest;

TEST_F(ApiTest, TheCookieIsForTlsAndPagesOnly) {
    const auto* cookie = model::find_header(cookie_, "Set-Cookie");
    ASSERT_NE(cookie, nullptr);
    for (const auto* attribute : {"; HttpOnly", "; Secure", "; SameSite=Strict"}) {
        EXPECT_NE(cookie->find(attribute), std::string::npos) << attribute;
    }
    EXPECT_EQ(call_with_cookie("GET", "/session", false).status, 200);
    EXPECT_EQ(body(call_with_cookie("DELETE", "/session", false))["code"].as_string(), "csrf");
    EXPECT_EQ(call_with_cookie("DELETE", "/session", true).status, 204);
    EXPECT_EQ(call_with_cookie("GET", "/session", false).status, 401);
}

TEST_F(ApiTest, AUnitSeesItsSubtreeAndNoRuns) {
    const auto leaf = token_of(user("leaf", "unit", "u2")["id"].as_string());
    EXPECT_EQ(body(call("GET", "/units", leaf))["items"].items().size(), 1U);
    EXPECT_EQ(call("GET", "/units/u2", leaf).status, 200);
    EXPECT_EQ(call("GET", "/units/u1", leaf).body, call("GET", "/units/none", leaf).body);
    for (const auto* path : {"/runs", "/users", "/audit", "/patrol"}) {
        EXPECT_EQ(call("GET", path, leaf).status, 403) << path;
    }
    const auto overview = body(call("GET", "/overview", leaf));
    ASSERT_NE(overview.find("patrol"), nullptr);
    EXPECT_TRUE(overview["patrol"].is_null());
    EXPECT_EQ(body(call("GET", "/overview", token_))["patrol"]["state"].as_string(), "idle");
    EXPECT_TRUE(body(call("GET", "/overview", token_))["newest"].is_array());
}

TEST_F(ApiTest, AUnitsUserWithoutAUnitIsNotMade) {
    const auto made =
        call("POST", "/users", token_, Json::object({{"name", "x"}, {"roles", Json::array({"unit"})}}));
    EXPECT_EQ(made.status, 422);
    EXPECT_EQ(body(made)["missing"], Json::array({"unit"}));
}

TEST_F(ApiTest, UsersAreChangedWithCare) {
    const auto made = user("li", "duty", "u1");
    const std::string path = "/users/" + made["id"].as_string();
    const auto change = [&](const char* name, Json value) {
        return call("PATCH", path, token_, Json::object({{name, std::move(value)}})).status;
    };
    EXPECT_EQ(change("password", "short"), 422);
    EXPECT_EQ(change("disabled", "yes"), 400);
    EXPECT_EQ(change("roles", "admin"), 400);
    EXPECT_EQ(change("unit", "none"), 422);
    EXPECT_EQ(change("name", "admin"), 409);
    EXPECT_EQ(body(call("GET", path, token_))["rev"].as_int(), 1);
    EXPECT_EQ(change("name", "wang"), 200);
    const auto shown = call("GET", path, token_);
    EXPECT_EQ(body(shown)["name"].as_string(), "wang");
    ASSERT_NE(model::find_header(shown.headers, "ETag"), nullptr);
    EXPECT_EQ(*model::find_header(shown.headers, "ETag"), "\"2\"");
}

TEST_F(ApiTest, ATokenBelongsToItsUser) {
    const auto one = user("one", "duty", "")["id"].as_string();
    const auto two = user("two", "duty", "")["id"].as_string();
    const auto token = token_of(one);
    const auto listed = call("GET", "/users/" + one + "/tokens", token_);
    ASSERT_EQ(body(listed)["items"].items().size(), 1U);
    EXPECT_EQ(listed.body.find(token), std::string::npos);
    const auto id = body(listed)["items"].items()[0]["id"].as_string();
    EXPECT_EQ(call("DELETE", "/users/" + two + "/tokens/" + id, token_).status, 404);
    EXPECT_EQ(call("GET", "/units", token).status, 200);
    EXPECT_EQ(call("DELETE", "/users/" + one + "/tokens/" + id, token_).status, 204);
    EXPECT_EQ(call("GET", "/units", token).status, 401);
}

TEST_F(ApiTest, EveryRecordHasItsTag) {
    for (const auto* path : {"/units/u1", "/users"}) {
        EXPECT_EQ(call("GET", path, token_).status, 200);
    }
    const auto shown = call("GET", "/units/u1", token_);
    const auto* tag = model::find_header(shown.headers, "ETag");
    ASSERT_NE(tag, nullptr);
    EXPECT_EQ(*tag, "\"" + std::to_string(body(shown)["rev"].as_int()) + "\"");
    for (const auto* member : {"state", "rev", "created_at", "created_by", "drill"}) {
        EXPECT_NE(body(shown).find(member), nullptr) << member;
    }
    EXPECT_EQ(call("GET", "/units/u1/history", token_).status, 200);
}

TEST_F(ApiTest, AHistoryNamesWhomItsReaderMaySee) {
    const auto officer = user("zhao", "officer", "u1");
    const auto change = Json::object({{"name", "Renamed"}});
    EXPECT_EQ(call("PATCH", "/units/u2", token_of(officer["id"].as_string()), change).status, 200);
    const auto last_by = [&](const std::string& token) {
        return body(call("GET", "/units/u2/history", token))["items"].items().back()["by_name"].as_string();
    };
    EXPECT_EQ(last_by(token_), "zhao");
    EXPECT_EQ(last_by(token_of(user("colleague", "officer", "u1")["id"].as_string())), "zhao");
    EXPECT_EQ(last_by(token_of(user("leaf", "unit", "u2")["id"].as_string())), "") << "of the level above";
}

TEST_F(ApiTest, TheAuditIsReadByScopeAndSubject) {
    const auto made = user("inside", "auditor", "u1");
    const auto inside = token_of(made["id"].as_string());
    user("outside", "duty", "u3");
    const auto seen = body(call("GET", "/audit", inside));
    EXPECT_EQ(seen["items"].items().size(), 2U); // the user and the token
    for (const auto& entry : seen["items"].items()) {
        EXPECT_EQ(entry["subject"], made["id"]);
    }
    ServerRequest request;
    request.method = "GET";
    request.path = "/api/v1/audit";
    request.query = {{"subject", admin_}};
    request.headers = {{"Authorization", "Bearer " + token_}};
    const auto of_admin = body(send(request));
    EXPECT_FALSE(of_admin["items"].items().empty());
    for (const auto& entry : of_admin["items"].items()) {
        EXPECT_EQ(entry["subject"].as_string(), admin_);
    }
    EXPECT_EQ(call("GET", "/audit/1", token_).status, 200);
    EXPECT_EQ(call("GET", "/audit/1", inside).status, 404);
}

TEST_F(ApiTest, TextsHoldNoNul) {
    const auto made = call("POST", "/users", token_, Json::object({{"name", std::string("a\0b", 3)}}));
    EXPECT_EQ(made.status, 400);
}

TEST_F(ApiTest, OnlyReadingIsOfferedOutside) {
    for (const auto* path : {"/healthz", "/readyz", "/metrics", "/", "/api/v1/openapi.json"}) {
        ServerRequest request;
        request.method = "POST";
        request.path = path;
        const auto answer = send(request);
        EXPECT_EQ(answer.status, 405) << path;
        EXPECT_EQ(*model::find_header(answer.headers, "Allow"), "GET, HEAD") << path;
    }
    ServerRequest request;
    request.method = "GET";
    request.path = "/metrics";
    EXPECT_EQ(
        send(request).body,
        "# HELP fengsui_assets Registered assets.\n# TYPE fengsui_assets gauge\nfengsui_assets 3\n"
    );
}

} // namespace
} // namespace fengsui::api
