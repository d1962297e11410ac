// Registry files over the API: problems, differences, scope, and that a preview changes nothing.
#include "api/fixture_for_test.h"
#include "base/codec.h"

namespace fengsui::api {
namespace {

using test::ApiTest;
using test::Json;

constexpr std::string_view kHeader = "unit,unit_name,parent,system,system_name,asset\n";

class RegistryFiles : public ApiTest {
protected:
    net::ServerResponse give(const std::string& path, const std::string& token, const std::string& rows) {
        auto json = Json::object({{"name", "district.csv"}});
        json.set("content", base::base64_url(std::string(kHeader) + rows));
        if (generation_) {
            json.set("generation", *generation_);
        }
        return call("POST", path, token, json);
    }
    std::size_t assets() { return body(call("GET", "/assets", token_))["items"].items().size(); }
    std::string officer_of(const std::string& unit) {
        return token_of(user("officer-" + unit, "officer", unit)["id"].as_string());
    }

    std::optional<std::int64_t> generation_;
};

TEST_F(RegistryFiles, APreviewSaysWhatChangesAndChangesNothing) {
    const auto answer = give("/registry/preview", token_, "u1,New name,,,,www.example.cn\n");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto seen = body(answer);
    EXPECT_TRUE(seen["usable"].as_bool());
    EXPECT_EQ(seen["assets_added"].as_int(), 1);
    ASSERT_EQ(seen["differences"].items().size(), 2U);
    const auto& renamed = seen["differences"].items()[0];
    EXPECT_EQ(renamed["event"].as_string(), "changed");
    EXPECT_EQ(renamed["fields"].items()[0]["from"].as_string(), "Unit u1");
    EXPECT_EQ(renamed["fields"].items()[0]["to"].as_string(), "New name");
    EXPECT_EQ(seen["differences"].items()[1]["name"].as_string(), "www.example.cn");
    EXPECT_EQ(assets(), 0U);
}

TEST_F(RegistryFiles, AnImportIsAuditedAndWithdrawsWhatIsNoLongerListed) {
    EXPECT_EQ(give("/registry/import", token_, "u1,U,,,,www.example.cn\n").status, 200);
    const auto next = body(give("/registry/preview", token_, "u1,U,,,,mail.example.cn\n"));
    EXPECT_EQ(next["assets_withdrawn"].as_int(), 1);
    EXPECT_EQ(next["differences"].items().back()["event"].as_string(), "withdrawn");
    const auto audit = call("GET", "/audit", token_).body;
    EXPECT_NE(audit.find("registry_imported"), std::string::npos);
    EXPECT_NE(audit.find("district.csv"), std::string::npos);
}

TEST_F(RegistryFiles, AFileWithProblemsChangesNothing) {
    const auto seen =
        body(give("/registry/preview", token_, "u1,U,,,,www.example.cn\nu9,N,none,,,not a host\n"));
    EXPECT_FALSE(seen["usable"].as_bool());
    EXPECT_EQ(seen["problem_count"].as_int(), 2);
    EXPECT_EQ(seen["problems"].items()[0]["row"].as_int(), 3);
    const auto refused = give("/registry/import", token_, "u1,U,,,,www.example.cn\nu9,N,none,,,not a host\n");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(body(refused)["problems"].items().size(), 2U);
    EXPECT_EQ(assets(), 0U);
}

TEST_F(RegistryFiles, APreviewOfAnOlderRegistryIsStale) {
    const auto seen = body(give("/registry/preview", token_, "u1,U,,,,www.example.cn\n"));
    generation_ = seen["generation"].as_int();
    EXPECT_EQ(give("/registry/import", token_, "u2,U,u1,,,b.example.cn\n").status, 200);
    EXPECT_EQ(give("/registry/import", token_, "u1,U,,,,www.example.cn\n").status, 412);
    EXPECT_EQ(assets(), 1U);
}

TEST_F(RegistryFiles, NobodyReachesBeyondHisScope) {
    EXPECT_EQ(give("/registry/import", token_, "u3,U,,secret,Secret,192.0.2.0/24\n").status, 200);
    const auto officer = officer_of("u1");
    const auto problem = [&](const std::string& rows) {
        const auto seen = body(give("/registry/preview", officer, rows));
        EXPECT_FALSE(seen["usable"].as_bool()) << rows;
        EXPECT_EQ(give("/registry/import", officer, rows).status, 422);
        return seen["problems"].items().empty() ? std::string() : base::to_text(seen["problems"]);
    };
    EXPECT_NE(problem("u3,Mine now,,,,www.example.cn\n").find("outside_scope"), std::string::npos);
    EXPECT_NE(problem("n1,New,,,,www.example.cn\n").find("parent_outside_scope"), std::string::npos);
    EXPECT_NE(problem("n1,New,u3,,,www.example.cn\n").find("parent"), std::string::npos);
    EXPECT_NE(
        problem("u1,Mine,,secret,Stolen,www.example.cn\n").find("system_of_two_units"), std::string::npos
    );
    const auto overlap = problem("u2,U,u1,,,192.0.2.7\n");
    EXPECT_NE(overlap.find("overlapping_prefix"), std::string::npos);
    EXPECT_EQ(overlap.find("192.0.2.0/24"), std::string::npos) << "another's block is not told";
    EXPECT_EQ(overlap.find("u3"), std::string::npos) << "nor whose it is";
    EXPECT_EQ(give("/registry/import", officer, "n1,New,u2,,,www.example.cn\n").status, 200);
    EXPECT_EQ(
        give("/registry/import", token_of(user("x", "unit", "u2")["id"].as_string()), "u2,U,,,,a.cn\n")
            .status,
        403
    );
}

TEST_F(RegistryFiles, TheExportHoldsTheScopeAndIsTakenAgain) {
    EXPECT_EQ(give("/registry/import", token_, "u3,U,,,,b.example.cn\nu2,U,u1,,,a.example.cn\n").status, 200);
    const auto mine = call("GET", "/registry/export", officer_of("u1"));
    EXPECT_EQ(mine.status, 200);
    EXPECT_NE(mine.body.find("a.example.cn"), std::string::npos);
    EXPECT_EQ(mine.body.find("b.example.cn"), std::string::npos);
    auto again = Json::object({{"name", "x.csv"}});
    again.set("content", base::base64_url(mine.body));
    const auto seen = body(call("POST", "/registry/preview", officer_of("u2"), again));
    EXPECT_FALSE(seen["usable"].as_bool()) << "u1 is above u2";
    const auto whole = body(call("POST", "/registry/preview", token_, again));
    EXPECT_TRUE(whole["usable"].as_bool());
    EXPECT_EQ(whole["difference_count"].as_int(), 0);
}

TEST_F(ApiTest, ThePageOfSignInKnowsWhatIsOffered) {
    const auto answer = call("GET", "/session/methods", "");
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(body(answer)["provider"].as_bool());
}

} // namespace
} // namespace fengsui::api
