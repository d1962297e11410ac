// Cases, notices and what belongs to them, through the API.
#include "api/fixture_for_test.h"
#include "base/text.h"

namespace fengsui::api {
namespace {

using base::Json;

class CasesTest : public test::ApiTest {
protected:
    void SetUp() override {
        ApiTest::SetUp();
        officer_ = token_of(user("officer", "officer", "u1")["id"].as_string());
        approver_ = token_of(user("approver", "approver", "u1")["id"].as_string());
        leaf_ = token_of(user("leaf", "unit", "u2")["id"].as_string());
        other_ = token_of(user("other", "officer", "u3")["id"].as_string());
        system_ = made("/systems", Json::object({{"unit", "u2"}, {"name", "Portal"}}))["id"].as_string();
        asset_ =
            made("/assets", Json::object({{"system", system_}, {"value", "https://a.example.test"}}))["id"]
                .as_string();
    }

    Json made(const std::string& path, const Json& body_of, const std::string& token = {}) {
        const auto answer = call("POST", path, token.empty() ? officer_ : token, body_of);
        EXPECT_EQ(answer.status, 201) << path << answer.body;
        return body(answer);
    }
    Json run(Json results, Json more = Json::object()) {
        Json run = Json::object({
            {"tool", "x"},
            {"targets",
             Json::array({Json::object(
                 {{"asset", asset_}, {"attempted", true}, {"reached", true}, {"completed", true}}
             )})},
            {"results", std::move(results)},
        });
        for (const auto& [name, value] : more.members()) {
            run.set(name, value);
        }
        return made("/runs", run);
    }
    Json result(const std::string& locator, Json more = Json::object()) {
        Json one = Json::object({
            {"asset", asset_},
            {"check", "exposure.git_repository"},
            {"locator", locator},
            {"severity", "high"},
            {"title", "t"},
            {"evidence", Json::object({{"status", 200}})},
        });
        for (const auto& [name, value] : more.members()) {
            one.set(name, value);
        }
        return one;
    }
    std::string confirmed(const std::string& locator = "/.git/HEAD", Json more = Json::object()) {
        const auto taken = run(Json::array({result(locator, std::move(more))}));
        const auto id = taken["findings"].items().at(0).as_string();
        EXPECT_EQ(act("/findings/" + id, "confirm", officer_).status, 200);
        return id;
    }
    net::ServerResponse act(
        const std::string& path,
        const std::string& event,
        const std::string& token,
        Json input = Json::object()
    ) {
        return call("POST", path + "/actions/" + event, token, input);
    }
    /// A draft about one finding.
    std::string draft() {
        const auto opened = made("/cases", Json::object({{"findings", Json::array({confirmed()})}}));
        case_ = opened["id"].as_string();
        EXPECT_EQ(act("/cases/" + case_, "verify", officer_).status, 200);
        const Json basis =
            Json::object({{"law", "网络安全法"}, {"version", "2025"}, {"article", "第二十七条"}});
        return made(
                   "/notices",
                   Json::object(
                       {{"type", "rectify"},
                        {"case", case_},
                        {"recipient", "u2"},
                        {"basis", Json::array({basis})},
                        {"internal_notes", "n"}}
                   )
        )["id"]
            .as_string();
    }

    std::string officer_;
    std::string approver_;
    std::string leaf_;
    std::string other_;
    std::string system_;
    std::string asset_;
    std::string case_;
};

TEST_F(CasesTest, ANoticeGoesItsWayAndAUnitSeesItFromIssueOn) {
    const auto path = "/notices/" + draft();
    EXPECT_EQ(call("GET", path, leaf_).status, 404);
    EXPECT_EQ(call("GET", path, leaf_).body, call("GET", "/notices/none", leaf_).body);
    EXPECT_EQ(act(path, "receive", leaf_).status, 404);
    EXPECT_EQ(act(path, "approve", officer_).status, 403);
    EXPECT_EQ(act(path, "approve", approver_).status, 409);
    EXPECT_EQ(act(path, "explode", officer_).status, 404);
    EXPECT_EQ(act(path, "submit", officer_).status, 200);
    EXPECT_EQ(act(path, "approve", approver_).status, 200);
    const auto issued = act(path, "issue", officer_);
    ASSERT_EQ(issued.status, 200) << issued.body;
    const auto seen = body(call("GET", path, leaf_));
    EXPECT_EQ(seen["state"].as_string(), "issued");
    EXPECT_EQ(seen.find("internal_notes"), nullptr);
    const auto history = body(call("GET", path + "/history", leaf_))["items"].items();
    ASSERT_FALSE(history.empty());
    EXPECT_EQ(history[0]["event"].as_string(), "issue");
    EXPECT_EQ(body(call("GET", "/notices", leaf_))["items"].items().size(), 1U);
    EXPECT_EQ(call("GET", "/cases", leaf_).status, 403);
    EXPECT_EQ(call("GET", path, other_).status, 404);
}

TEST_F(CasesTest, RevisionsAreComparedAfterTheRole) {
    const auto path = "/notices/" + draft();
    const auto with = [&](const std::string& token, const std::string& event, const std::string& tag) {
        return call_with(
                   "POST", path + "/actions/" + event, token, Json::object(), {{"If-Match", tag}}
        ).status;
    };
    EXPECT_EQ(with(officer_, "approve", "\"99\""), 403);
    EXPECT_EQ(with(approver_, "approve", "\"99\""), 412);
    EXPECT_EQ(with(officer_, "submit", "nonsense"), 400);
    EXPECT_EQ(with(officer_, "submit", "\"\""), 412);
    const auto shown = call("GET", path, officer_);
    const auto* tag = model::find_header(shown.headers, "ETag");
    ASSERT_NE(tag, nullptr);
    EXPECT_EQ(with(officer_, "submit", "W/" + *tag), 412);
    EXPECT_EQ(with(officer_, "submit", *tag), 200);
    EXPECT_EQ(with(approver_, "approve", "*"), 200);
}

TEST_F(CasesTest, AKeyAnswersAsTheFirstTime) {
    const Json one = Json::object({{"unit", "u2"}, {"name", "One"}});
    const model::HttpHeaders key = {{"Idempotency-Key", "k"}};
    const auto first = call_with("POST", "/systems", officer_, one, key);
    const auto again = call_with("POST", "/systems", officer_, one, key);
    ASSERT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(*model::find_header(again.headers, "ETag"), *model::find_header(first.headers, "ETag"));
    const auto other =
        call_with("POST", "/systems", officer_, Json::object({{"unit", "u2"}, {"name", "Two"}}), key);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(body(other)["code"].as_string(), "idempotency_mismatch");
    for (const auto* bad : {"", "with space", "\x7f"}) {
        EXPECT_EQ(call_with("POST", "/systems", officer_, one, {{"Idempotency-Key", bad}}).status, 400)
            << bad;
    }
}

TEST_F(CasesTest, TheClockMovesByHand) {
    const auto to = base::format_rfc3339(clock_.now() + std::chrono::hours(30));
    EXPECT_EQ(call("PUT", "/test/clock", officer_, Json::object({{"now", to}})).status, 403);
    EXPECT_EQ(call("PUT", "/test/clock", token_, Json::object({{"now", "soon"}})).status, 400);
    const auto moved = call("PUT", "/test/clock", token_, Json::object({{"now", to}}));
    EXPECT_EQ(moved.status, 200) << moved.body;
    EXPECT_EQ(base::format_rfc3339(clock_.now()), to);
    EXPECT_EQ(
        call("PUT", "/test/clock", token_, Json::object({{"now", "2020-01-01T00:00:00Z"}})).status, 200
    );
    services_.standing_clock = nullptr;
    EXPECT_EQ(call("PUT", "/test/clock", token_, Json::object({{"now", to}})).status, 404);
}

TEST_F(CasesTest, TheRegistryIsEditedInOnesScope) {
    EXPECT_EQ(call("POST", "/units", officer_, Json::object({{"name", "x"}})).status, 422);
    const auto theirs = call("POST", "/units", officer_, Json::object({{"name", "x"}, {"parent", "u3"}}));
    const auto none = call("POST", "/units", officer_, Json::object({{"name", "x"}, {"parent", "none"}}));
    EXPECT_EQ(theirs.status, 422);
    EXPECT_EQ(theirs.body, none.body);
    const Json unit = Json::object(
        {{"id", "u9"},
         {"name", "Nine"},
         {"parent", "u2"},
         {"kind", "authority"},
         {"tier", "district"},
         {"contacts", Json::array({Json::object({{"role", "duty"}, {"name", "Li"}})})}}
    );
    EXPECT_EQ(made("/units", unit)["contacts"].items().size(), 1U);
    EXPECT_EQ(call("POST", "/units", officer_, unit).status, 409);
    EXPECT_EQ(call("PATCH", "/units/u2", officer_, Json::object({{"parent", "u9"}})).status, 422);
    EXPECT_EQ(call("PATCH", "/units/u9", officer_, Json::object({{"tier", "moon"}})).status, 400);
    EXPECT_EQ(
        body(call("PATCH", "/units/u9", officer_, Json::object({{"tier", "city"}})))["tier"].as_string(),
        "city"
    );
    EXPECT_EQ(
        call(
            "POST",
            "/assets",
            officer_,
            Json::object({{"system", system_}, {"value", "https://a.example.test/"}})
        ).status,
        409
    );
    EXPECT_EQ(
        call(
            "POST",
            "/assets",
            officer_,
            Json::object({{"system", "none"}, {"value", "https://b.example.test/"}})
        ).status,
        422
    );
    EXPECT_EQ(
        call(
            "PATCH", "/assets/" + asset_, officer_, Json::object({{"value", "https://c.example.test"}})
        ).status,
        409
    );
    const auto until =
        call("PATCH", "/assets/" + asset_, officer_, Json::object({{"authorised_until", "2030-01-01"}}));
    EXPECT_EQ(body(until)["authorised_until"].as_string(), "2030-01-01") << until.body;
    EXPECT_EQ(call("POST", "/systems", leaf_, Json::object({{"unit", "u2"}, {"name", "x"}})).status, 403);
}

TEST_F(CasesTest, AReportOfAnotherToolIsTakenAndNothingIsLost) {
    const std::string lines =
        R"({"template-id":"t","info":{"name":"T","severity":"low"},"matched-at":"https://a.example.test/x"})"
        "\n"
        R"({"template-id":"t","info":{"name":"T","severity":"low"},"host":"https://nobody.example"})";
    const auto taken = made("/runs/import", Json::object({{"format", "nuclei"}, {"content", lines}}));
    EXPECT_EQ(taken["findings"].items().size(), 1U);
    ASSERT_EQ(taken["unmatched"].items().size(), 1U);
    EXPECT_EQ(taken["unmatched"].items()[0]["line"].as_int(), 2);
    EXPECT_EQ(
        call("POST", "/runs/import", officer_, Json::object({{"format", "x"}, {"content", "y"}})).status, 422
    );
    EXPECT_EQ(call("GET", "/runs/" + taken["id"].as_string(), other_).status, 404);
    EXPECT_EQ(call("GET", "/runs/" + taken["id"].as_string(), approver_).status, 200);
    EXPECT_TRUE(body(call("GET", "/runs", other_))["items"].items().empty());
}

TEST_F(CasesTest, ADocumentIsHandedInAndServedSoThatNothingRuns) {
    const auto finding = confirmed("/doc");
    const auto upload = [&](const std::string& name, const std::string& bytes, const std::string& token) {
        return call(
            "POST",
            "/documents",
            token,
            Json::object(
                {{"name", name},
                 {"media_type", "text/plain"},
                 {"content", base::base64(bytes)},
                 {"subject", finding}}
            )
        );
    };
    const auto kept = upload("证据.txt", "已删除", leaf_);
    ASSERT_EQ(kept.status, 201) << kept.body;
    const auto content = call("GET", "/documents/" + body(kept)["id"].as_string() + "/content", leaf_);
    EXPECT_EQ(content.body, "已删除");
    EXPECT_TRUE(model::find_header(content.headers, "Content-Disposition")->starts_with("attachment; "));
    EXPECT_TRUE(model::find_header(content.headers, "Content-Security-Policy")->starts_with("sandbox; "));
    EXPECT_EQ(model::all_headers(content.headers, "Content-Security-Policy").size(), 1U);
    EXPECT_EQ(upload("../x.txt", "x", leaf_).status, 422);
    EXPECT_EQ(upload("x.txt", "<html>", leaf_).status, 422);
    EXPECT_EQ(upload("x.txt", "x", other_).status, 422);
    EXPECT_EQ(call("GET", "/documents/" + body(kept)["id"].as_string() + "/content", other_).status, 404);
    const auto about_case = draft();
    const auto internal = made(
        "/documents",
        Json::object(
            {{"name", "x.txt"}, {"media_type", "text/plain"}, {"content", "eA=="}, {"subject", case_}}
        )
    );
    EXPECT_EQ(internal["state"].as_string(), "internal");
    EXPECT_EQ(call("GET", "/documents/" + internal["id"].as_string(), leaf_).status, 404);
}

TEST_F(CasesTest, WhatIsUnpublishedDoesNotGoAbroad) {
    for (const auto* id : {"vendor", "foreign"}) {
        made(
            "/units",
            Json::object(
                {{"id", id}, {"name", id}, {"kind", "supplier"}, {"parent", "u1"}, {"overseas", true}}
            )
        );
    }
    made("/units", Json::object({{"id", "home"}, {"name", "home"}, {"kind", "supplier"}, {"parent", "u1"}}));
    const auto secret =
        confirmed("/s", Json::object({{"disclosure", "unpublished"}, {"provider", "vendor"}}));
    const auto plain = confirmed("/p");
    const auto send = [&](const std::string& receiver) {
        return call(
            "POST",
            "/exports",
            officer_,
            Json::object(
                {{"format", "jsonl"}, {"receiver", receiver}, {"findings", Json::array({plain, secret})}}
            )
        );
    };
    const auto abroad = send("foreign");
    EXPECT_EQ(abroad.status, 403);
    EXPECT_EQ(body(abroad)["rule"].as_string(), "cn.vuln.overseas");
    EXPECT_EQ(body(send("home"))["omitted"], Json::array({secret}));
    const auto provider = body(send("vendor"));
    EXPECT_EQ(provider["omitted"], Json::array());
    const auto bytes =
        call("GET", "/documents/" + provider["document"].as_string() + "/content", officer_).body;
    EXPECT_NE(bytes.find(secret), std::string::npos);
    EXPECT_EQ(call("GET", "/exports", leaf_).status, 403);
}

TEST_F(CasesTest, ASelectionBecomesOneNoticeForEachUnit) {
    confirmed("/1");
    confirmed("/2");
    const Json selection = Json::object(
        {{"type", "rectify"},
         {"select", Json::object({{"check", "exposure.git_repository"}})},
         {"basis",
          Json::array({Json::object({{"law", "网络安全法"}, {"version", "2025"}, {"article", "第二十七条"}})}
          )}}
    );
    const auto shown = body(call("POST", "/notices/bulk/preview", officer_, selection));
    EXPECT_EQ(shown["notices"].as_int(), 1);
    EXPECT_EQ(shown["findings"].as_int(), 2);
    const auto drafted = body(call("POST", "/notices/bulk", officer_, selection));
    ASSERT_EQ(drafted["done"].as_int(), 1) << base::to_text(drafted);
    EXPECT_EQ(
        body(call("POST", "/notices/bulk", officer_, selection))["results"], Json::array()
    ); // none is left
    const Json notices =
        Json::object({{"notices", Json::array({drafted["results"].items()[0]["notice"], "none"})}});
    const auto submitted = body(call("POST", "/notices/bulk/actions/submit", officer_, notices));
    EXPECT_EQ(submitted["done"].as_int(), 1) << base::to_text(submitted);
    EXPECT_EQ(submitted["refused"].as_int(), 1);
    EXPECT_EQ(call("POST", "/notices/bulk/actions/approve", officer_, notices).status, 403);
    EXPECT_EQ(call("POST", "/notices/bulk/actions/reject", officer_, notices).status, 404);
}

TEST_F(CasesTest, ScorecardsAreOfUnits) {
    EXPECT_EQ(body(call("GET", "/scorecards/u2", leaf_))["issued"].as_int(), 0);
    EXPECT_EQ(call("GET", "/scorecards/u1", leaf_).status, 404);
    EXPECT_EQ(body(call("GET", "/scorecards", officer_))["items"].items().size(), 2U);
    EXPECT_EQ(call("POST", "/scorecards", officer_, Json::object()).status, 405);
}

TEST_F(CasesTest, WhatIsNotOffered) {
    const auto finding = confirmed();
    EXPECT_EQ(call("PATCH", "/findings/" + finding, officer_, Json::object()).status, 405);
    EXPECT_EQ(call("POST", "/obligations", officer_, Json::object()).status, 405);
    EXPECT_EQ(call("POST", "/outbox", officer_, Json::object()).status, 405);
    net::ServerRequest request;
    request.method = "GET";
    request.path = "/api/v1/findings/" + finding;
    request.query = {{"colour", "red"}};
    request.headers = {{"Authorization", "Bearer " + officer_}};
    EXPECT_EQ(send(request).status, 400);
    EXPECT_EQ(call_with("POST", "/cases", officer_, {}, {}).status, 400);
}

} // namespace
} // namespace fengsui::api
