// For this module's tests: an API over a data directory of its own, with people and a small registry.
#pragma once

#include "api/api.h"
#include "base/temp_directory_for_test.h"
#include "net/runtime.h"
#include "store/database.h"
#include "store/registry_store.h"

#include <gtest/gtest.h>

namespace fengsui::api::test {

using base::Json;
using net::ServerRequest;
using net::ServerResponse;

using base::TempDirectory;

inline net::Task<> ask(Api& api, ServerRequest request, ServerResponse& answer) {
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
    ServerResponse call_with(
        const std::string& method,
        const std::string& path,
        const std::string& token,
        const Json& json,
        const model::HttpHeaders& headers
    ) {
        ServerRequest request;
        request.method = method;
        request.path = "/api/v1" + path;
        request.target = request.path;
        request.headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
        request.headers.insert(request.headers.end(), headers.begin(), headers.end());
        request.body = json.is_null() ? std::string() : base::to_text(json);
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

} // namespace fengsui::api::test
