// A check out of turn: who may ask, how often, and that it is on record.
#include "api/fixture_for_test.h"

namespace fengsui::api {
namespace {

using test::ApiTest;
using test::Json;

class SelfCheck : public ApiTest {
protected:
    void SetUp() override {
        ApiTest::SetUp();
        services_.patrol.look_at = [this](const std::string& asset) {
            asked_.push_back(asset);
        };
        const auto system =
            body(call("POST", "/systems", token_, Json::object({{"unit", "u2"}, {"name", "s"}})));
        system_ = system["id"].as_string();
        asset_ = made_asset("https://www.example.cn/", {});
    }
    std::string made_asset(const std::string& value, const std::string& until) {
        auto json = Json::object({{"system", system_}, {"value", value}});
        if (!until.empty()) {
            json.set("authorised_until", until);
        }
        return body(call("POST", "/assets", token_, json))["id"].as_string();
    }
    net::ServerResponse ask(const std::string& token, const std::string& asset) {
        return call("POST", "/assets/" + asset + "/actions/check", token, Json::object());
    }
    std::string token(const std::string& role, const std::string& unit) {
        return token_of(user(role + unit, role, unit)["id"].as_string());
    }

    std::vector<std::string> asked_;
    std::string system_;
    std::string asset_;
};

TEST_F(SelfCheck, AUnitChecksItsOwnAssetOnceInTenMinutes) {
    const auto unit = token("unit", "u2");
    const auto first = ask(unit, asset_);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_FALSE(body(first)["check_requested_at"].as_string().empty());
    EXPECT_EQ(asked_, std::vector<std::string>{asset_});
    const auto second = ask(unit, asset_);
    EXPECT_EQ(second.status, 429);
    const auto* wait = model::find_header(second.headers, "Retry-After");
    ASSERT_NE(wait, nullptr);
    EXPECT_EQ(*wait, "600");
    clock_.move(clock_.now() + std::chrono::minutes(10), [] {});
    EXPECT_EQ(ask(unit, asset_).status, 200);
    EXPECT_EQ(asked_.size(), 2U);
    EXPECT_NE(call("GET", "/audit", token_).body.find("check_requested"), std::string::npos);
}

TEST_F(SelfCheck, NobodyAsksForAnothersAssetNorForWhatIsNotContacted) {
    EXPECT_EQ(ask(token("unit", "u3"), asset_).status, 404);
    EXPECT_EQ(ask(token("auditor", "u1"), asset_).status, 403);
    const auto old = made_asset("https://old.example.cn/", "2020-01-01");
    EXPECT_EQ(body(ask(token_, old))["code"].as_string(), "not_authorised");
    EXPECT_EQ(body(ask(token_, made_asset("192.0.2.0/24", {})))["code"].as_string(), "not_applicable");
    EXPECT_TRUE(asked_.empty());
}

} // namespace
} // namespace fengsui::api
