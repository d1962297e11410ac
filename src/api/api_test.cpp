#include "api/api.h"
#include "base/error.h"
#include "net/runtime.h"
#include "store/database.h"
#include "store/registry_store.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace fengsui::api {
namespace {

using base::Json;
using net::ServerRequest;
using net::ServerResponse;

class TempDirectory {
public:
    TempDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "fengsui_api_XXXXXX").string();
        FENGSUI_CHECK(mkdtemp(pattern.data()) != nullptr, "no temporary directory");
        path_ = pattern;
    }
    ~TempDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDirectory(const TempDirectory&) = delete;
    TempDirectory& operator=(const TempDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

net::Task<> ask(Api& api, ServerRequest request, ServerResponse& answer) {
    auto handled = api.handle(std::move(request));
    answer = co_await std::move(handled);
}

/// u1 above u2 and beside u3, a first administrator, and nothing that patrols.
class ApiTest : public testing::Test {
protected:
    void SetUp() override {
        model::RegistryData data;
        data.units = {unit("u1", ""), unit("u2", "u1"), unit("u3", "")};
        store::RegistryStore(*database_).replace({data, "x.csv", base::now()}, "system");
        const auto password = make_first_administrator(*database_, base::now()).value();
        const auto signed_in =
            call("POST", "/session", {}, Json::object({{"name", "admin"}, {"password", password}}));
        cookie_ = signed_in.headers;
        csrf_ = body(signed_in)["csrf"].as_string();
        admin_ = body(signed_in)["user"]["id"].as_string();
        token_ = token_of(admin_);
    }

    static model::Unit unit(const std::string& id, const std::string& parent) {
        return {model::UnitId(id), "Unit " + id, model::UnitId(parent), {}};
    }

    ServerResponse send(ServerRequest request) {
        ServerResponse answer;
        runtime_.run(ask(api_, std::move(request), answer));
        return answer;
    }
    ServerResponse call(
        const std::string& method, const std::string& path, const std::string& token, const Json& json = {}
    ) {
        ServerRequest request;
        request.method = method;
        request.path = "/api/v1" + path;
        if (!token.empty()) {
            request.headers.push_back({"Authorization", "Bearer " + token});
        }
        if (!json.is_null()) {
            request.headers.push_back({"Content-Type", "application/json"});
            request.body = base::to_text(json);
        }
        return send(std::move(request));
    }
    ServerResponse call_with_cookie(const std::string& method, const std::string& path, bool has_csrf) {
        ServerRequest request;
        request.method = method;
        request.path = "/api/v1" + path;
        const auto* cookie = model::find_header(cookie_, "Set-Cookie");
        request.headers.push_back({"Cookie", cookie->substr(0, cookie->find(';'))});
        if (has_csrf) {
            request.headers.push_back({"X-CSRF-Token", csrf_});
        }
        return send(std::move(request));
    }
    static Json body(const ServerResponse& response) {
        return base::parse_json(response.body).value_or(Json());
    }
    std::string token_of(const std::string& user) {
        const std::string path = "/users/" + user + "/tokens";
        const auto made = token_.empty() ? call_with_cookie("POST", path, true)
                                         : call("POST", path, token_, Json::object());
        EXPECT_EQ(made.status, 201);
        return body(made)["token"].as_string();
    }
    Json user(const std::string& name, const std::string& role, const std::string& of) {
        const auto made = call(
            "POST",
            "/users",
            token_,
            Json::object({{"name", name}, {"roles", Json::array({role})}, {"unit", of}})
        );
        EXPECT_EQ(made.status, 201) << made.body;
        return body(made);
    }

    TempDirectory temp_;
    std::unique_ptr<store::Database> database_ =
        store::Database::open(temp_.path(), store::OpenMode::read_write);
    net::Runtime runtime_;
    workflow::Engine engine_{*database_, {}};
    base::StandingClock clock_{base::now()};
    EventHub events_{runtime_};
    Services services_{
        runtime_,
        *database_,
        engine_,
        clock_,
        events_,
        {[] {
             return Json::object({{"state", "idle"}});
         },
         [] {},
         [] {
         }},
        [] {
            return std::vector<Metric>{{"fengsui_assets", "gauge", "Registered assets.", 3}};
        },
        {},
        &clock_};
    Api api_{services_};
    model::HttpHeaders cookie_;
    std::string csrf_;
    std::string admin_;
    std::string token_;
};

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
