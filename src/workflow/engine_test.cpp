// The closed loop on the engine itself (cases.md 6, S1 and S3); over REST the scenarios go further.
#include "base/temp_directory_for_test.h"
#include "store/audit_store.h"
#include "store/database.h"
#include "store/query_store.h"
#include "store/registry_store.h"
#include "workflow/engine.h"

#include <gtest/gtest.h>

namespace fengsui::workflow {
namespace {

using base::Json;

base::Instant time_at(std::string_view text) {
    return base::parse_rfc3339(text).or_throw();
}

model::Asset asset_of(const std::string& value, const std::string& unit) {
    model::Asset asset;
    asset.value = value;
    asset.target = model::AssetTarget::parse(value).or_throw();
    asset.id = model::asset_id_of(asset.target);
    asset.unit = model::UnitId(unit);
    return asset;
}

class Loop : public testing::Test {
protected:
    Loop() : database_(store::Database::open(directory_.path(), store::OpenMode::read_write)) {
        store::RegistryImport import;
        import.at = now_;
        import.data.units = {
            {model::UnitId("d"),
             "District",
             {},
             { { "head",
                 "Head",
                 "head@d.example.test",
                 "" } }},
            { model::UnitId("a"),
              "Unit A",
              model::UnitId("d"),
              { { "contact",
                  "Contact",
                  "a@a.example.test",
                  "" } } }};
        import.data.assets = {
            asset_of("https://a.example.test", "a"), asset_of("https://b.example.test", "a")};
        store::RegistryStore(*database_).replace(import, "test");
        engine_ = std::make_unique<Engine>(*database_, EngineOptions{});
        asset_ = import.data.assets[0].id.str();
        other_asset_ = import.data.assets[1].id.str();
    }

    Request by(const std::string& role) { return {{role, {role}, {}, {}}, now_, {}}; }
    Request by_unit() {
        const model::UnitId unit("a");
        return {{"ua", {"unit"}, unit, store::QueryStore(*database_).scope_of({unit})}, now_, {}};
    }
    void clock(std::string_view text) {
        now_ = time_at(text);
        engine_->run_due(now_, 10'000);
    }
    store::Record act(
        const std::string& collection,
        const std::string& id,
        const std::string& event,
        const Json& input,
        const Request& request
    ) {
        return engine_->act(collection, id, event, input, request);
    }
    store::Record get(const std::string& collection, const std::string& id) {
        return *store::RecordStore(*database_).find(collection, id);
    }
    std::vector<store::Record> obligations(const std::string& subject) {
        return store::RecordStore(*database_).find_all("obligations", "subject", subject);
    }
    std::vector<store::Record> told(const std::string& subject) {
        return store::RecordStore(*database_).find_all("outbox", "subject", subject);
    }

    Json run(bool present, const std::string& verification = "", bool completed = true) {
        Json body = Json::object({{"tool", "x"}, {"tool_version", "1"}});
        body.set(
            "targets",
            Json::array({Json::object(
                {{"asset", asset_}, {"attempted", true}, {"reached", completed}, {"completed", completed}}
            )})
        );
        Json results = Json::array();
        if (present) {
            results.push(Json::object(
                {{"asset", asset_},
                 {"check", "x.sqli"},
                 {"locator", "/a"},
                 {"severity", "high"},
                 {"title", "SQL injection"},
                 {"evidence", Json::object({{"status", 500}})}}
            ));
        }
        body.set("results", results);
        if (!verification.empty()) {
            body.set("verification", verification);
        }
        return engine_->take_run(body, by("officer"));
    }

    std::string missing_of(const Refusal& refusal) { return base::to_text(refusal.members()["missing"]); }

    /// Up to a notice that the unit has signed for.
    void begin_case() {
        finding_ = run(true)["findings"].items().front().as_string();
        act("findings", finding_, "confirm", {}, by("officer"));
        case_ = engine_->create("cases", Json::object({{"finding", finding_}}), by("officer")).id;
        act("cases", case_, "verify", {}, by("officer"));
        Json notice = Json::object({{"type", "rectify"}, {"case", case_}, {"recipient", "a"}});
        notice.set(
            "basis",
            Json::array({Json::object({{"law", "网络安全法"}, {"version", "2016"}, {"article", "25"}})})
        );
        notice_ = engine_->create("notices", notice, by("officer")).id;
        act("notices", notice_, "submit", {}, by("officer"));
        act("notices", notice_, "approve", {}, by("approver"));
        clock("2026-11-02T10:00:00+08:00");
    }

    base::TempDirectory directory_;
    base::Instant now_ = time_at("2025-11-03T09:00:00+08:00");
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<Engine> engine_;
    std::string asset_;
    std::string other_asset_;
    std::string finding_;
    std::string case_;
    std::string notice_;
};

TEST_F(Loop, FromFindingToClosure) {
    clock("2026-11-02T09:00:00+08:00");
    finding_ = run(true)["findings"].items().front().as_string();
    EXPECT_EQ(get("findings", finding_).state, "new");
    act("findings", finding_, "confirm", {}, by("officer"));
    case_ = engine_->create("cases", Json::object({{"finding", finding_}}), by("officer")).id;
    act("cases", case_, "verify", {}, by("officer"));
    EXPECT_EQ(get("findings", finding_).state, "in_case");
    Json draft = Json::object({{"type", "rectify"}, {"case", case_}, {"recipient", "a"}});
    notice_ = engine_->create("notices", draft, by("officer")).id;
    try {
        act("notices", notice_, "submit", {}, by("officer"));
        FAIL() << "a notice without a basis was submitted";
    } catch (const Refusal& refusal) {
        EXPECT_EQ(refusal.kind(), RefusalKind::guard);
        EXPECT_EQ(missing_of(refusal), R"(["basis"])");
    }
    const auto basis =
        Json::array({Json::object({{"law", "网络安全法"}, {"version", "2025"}, {"article", "23"}})});
    engine_->patch("notices", notice_, Json::object({{"basis", basis}}), by("officer"));
    EXPECT_EQ(act("notices", notice_, "submit", {}, by("officer")).state, "review");
    EXPECT_THROW(act("notices", notice_, "approve", {}, by("officer")), Refusal);
    act("notices", notice_, "approve", {}, by("approver"));
    clock("2026-11-02T10:00:00+08:00");
    const auto issued = act("notices", notice_, "issue", {}, by("officer"));
    EXPECT_FALSE(issued["doc_no"].as_string().empty());
    EXPECT_EQ(issued["body_sha256"].as_string().size(), 64U);
    ASSERT_EQ(obligations(notice_).size(), 2U);
    EXPECT_EQ(*obligations(notice_)[0].due, time_at("2026-11-03T10:00:00+08:00"));
    EXPECT_EQ(*obligations(notice_)[1].due, time_at("2026-11-09T18:00:00+08:00"));
    EXPECT_EQ(get("cases", case_).state, "noticed");

    clock("2026-11-02T12:00:00+08:00");
    const auto signer = Json::object({{"signer", Json::object({{"name", "Li"}})}});
    act("notices", notice_, "receive", signer, by_unit());
    EXPECT_EQ(obligations(notice_)[0].state, "met");
    EXPECT_EQ(get("cases", case_).state, "rectifying");
    clock("2026-11-05T15:00:00+08:00");
    const auto response = engine_->create("responses", Json::object({{"notice", notice_}}), by_unit()).id;
    EXPECT_THROW(act("responses", response, "submit", signer, by_unit()), Refusal);
    const auto answer =
        Json::array({Json::object({{"finding", finding_}, {"result", "fixed"}, {"measures", "patched"}})});
    engine_->patch("responses", response, Json::object({{"items", answer}}), by_unit());
    EXPECT_EQ(act("responses", response, "submit", signer, by_unit()).state, "submitted");
    EXPECT_EQ(get("cases", case_).state, "replied");
    const auto planned = engine_->verifications_in("planned");
    ASSERT_EQ(planned.size(), 1U);

    clock("2026-11-12T09:00:00+08:00");
    run(false, planned[0].id);
    EXPECT_EQ(get("verifications", planned[0].id).state, "passed");
    EXPECT_EQ(get("findings", finding_).state, "closed");
    EXPECT_EQ(get("cases", case_).state, "closed");
    EXPECT_EQ(get("notices", notice_).state, "done");
    EXPECT_EQ(get("responses", response).state, "accepted");
    EXPECT_EQ(obligations(notice_)[1].state, "met");
    EXPECT_EQ(
        obligations(notice_)[1]["met_at"].as_string(),
        base::format_rfc3339(time_at("2026-11-05T15:00:00+08:00"))
    );
    const auto card = scorecard(*database_, model::UnitId("a"), {}, {}, now_);
    EXPECT_EQ(card["issued"].as_int(), 1);
    EXPECT_EQ(card["on_time_ack"].as_int(), 100);
    EXPECT_EQ(card["on_time_fix"].as_int(), 100);
    EXPECT_EQ(card["first_pass"].as_int(), 100);
    EXPECT_EQ(card["median_fix_days"].as_int(), 3);
    EXPECT_TRUE(store::AuditStore(*database_).verify().ok);
    for (const auto& entry : told(notice_)) {
        EXPECT_NE(entry["kind"].as_string(), "urge") << "a timely reply was urged while it was judged";
    }
}

TEST_F(Loop, AnExpiredBasisIsNamedWithItsSuccessor) {
    now_ = time_at("2026-11-02T09:00:00+08:00");
    try {
        begin_case();
        FAIL() << "a law out of force was cited";
    } catch (const Refusal& refusal) {
        EXPECT_EQ(missing_of(refusal), R"(["basis"])");
        EXPECT_EQ(refusal.members()["suggest"].items().front()["version"].as_string(), "2025");
        EXPECT_EQ(refusal.members()["suggest"].items().front()["article"].as_string(), "27");
    }
}

TEST_F(Loop, AFailedRecheckAsksAgainAndThreeBlindOnesAreTheEnd) {
    begin_case(); // under the law of 2025, issued when time has moved on
    now_ = time_at("2025-11-04T10:00:00+08:00");
    act("notices", notice_, "issue", {}, by("officer"));
    const auto signer = Json::object({{"signer", Json::object({{"name", "Li"}})}});
    act("notices", notice_, "receive", signer, by_unit());
    Json reply = Json::object({{"notice", notice_}});
    reply.set("items", Json::array({Json::object({{"finding", finding_}, {"result", "fixed"}})}));
    const auto first = engine_->create("responses", reply, by_unit()).id;
    act("responses", first, "submit", signer, by_unit());
    run(true, engine_->verifications_in("planned")[0].id);
    EXPECT_EQ(get("cases", case_).state, "rectifying");
    EXPECT_EQ(get("notices", notice_).state, "received");
    const auto second = engine_->create("responses", reply, by_unit()).id;
    act("responses", second, "submit", signer, by_unit());
    const auto check = engine_->verifications_in("planned")[0].id;
    for (int tries = 1; tries <= 3; ++tries) {
        run(false, check, false);
        EXPECT_EQ(get("verifications", check).state, "inconclusive");
        if (tries < 3) {
            act("verifications", check, "retry", {}, by("officer"));
        }
    }
    EXPECT_THROW(act("verifications", check, "retry", {}, by("officer")), Refusal);
    const auto why = Json::object({{"reason", "seen on site"}, {"evidence", Json::array({"photo"})}});
    act("verifications", check, "waive", why, by("approver"));
    EXPECT_EQ(get("cases", case_).state, "closed");
    EXPECT_EQ(scorecard(*database_, model::UnitId("a"), {}, {}, now_)["first_pass"].as_int(-1), 0);
}

TEST_F(Loop, OverdueClimbsTheLadderOnceEach) {
    begin_case();
    now_ = time_at("2025-11-03T10:00:00+08:00");
    act("notices", notice_, "issue", {}, by("officer"));
    const auto count = [&](const std::string& kind, const std::string& to) {
        int found = 0;
        for (const auto& entry : told(notice_)) {
            found += entry["kind"].as_string() == kind && entry["to"].as_string() == to ? 1 : 0;
        }
        return found;
    };
    clock("2025-11-10T18:00:00+08:00");
    EXPECT_EQ(count("reminder", "a"), 3);
    EXPECT_EQ(count("urge", "a"), 0) << "met up to and including the due time";
    clock("2025-11-10T18:01:00+08:00");
    EXPECT_EQ(count("urge", "a"), 1);
    EXPECT_EQ(count("urge", "d"), 1);
    clock("2025-11-10T17:00:00+08:00");
    clock("2025-11-11T18:01:00+08:00");
    EXPECT_EQ(count("urge", "a"), 1) << "never twice, also when the clock was set back";
}

TEST_F(Loop, AbsenceWithoutCoverageClosesNothing) {
    finding_ = run(true)["findings"].items().front().as_string();
    run(false, "", false);
    EXPECT_EQ(get("findings", finding_)["presence"].as_string(), "present");
    const auto empty = engine_->take_run(
        Json::object({{"tool", "x"}, {"targets", Json::array()}, {"results", Json::array()}}), by("officer")
    );
    EXPECT_EQ(base::to_text(empty["flags"]), R"(["empty_coverage"])");
    run(false);
    EXPECT_EQ(get("findings", finding_)["presence"].as_string(), "absent");
    EXPECT_EQ(get("findings", finding_).state, "new");
}

} // namespace
} // namespace fengsui::workflow
