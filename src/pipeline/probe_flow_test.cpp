#include "pipeline/patrol.h"

#include <gtest/gtest.h>

namespace fengsui::pipeline {
namespace {

using model::ObservationPart;

PatrolTarget target_with(std::initializer_list<const char*> ids) {
    PatrolTarget target;
    target.asset.value = "http://www.town.test/";
    target.asset.target = model::AssetTarget::parse(target.asset.value).value();
    target.asset.id = model::asset_id_of(target.asset.target);
    target.asset.unit = model::UnitId("u1");
    for (const char* id : ids) {
        target.checks.push_back(check::find_check(id));
        EXPECT_NE(target.checks.back(), nullptr) << id;
    }
    return target;
}

model::Observation refused_site() {
    const auto json = base::parse_yaml("target: http://www.town.test/\n"
                                       "web:\n"
                                       "  plain: {hops: [{url: 'http://www.town.test/', address: 127.0.0.2, "
                                       "outcome: not_reached refused}]}\n");
    return model::observation_from_json(json.value()).value();
}

TEST(Plan, AsksForWhatItsChecksReadAndNeed) {
    const auto target = target_with({"site.unreachable", "exposure.git_repository"});
    const auto plan = plan_for(target.checks, {});
    EXPECT_TRUE(plan.wants(ObservationPart::web)) << "site.unreachable needs it";
    EXPECT_TRUE(plan.wants(ObservationPart::exposure));
    EXPECT_FALSE(plan.wants(ObservationPart::smtp));
    ASSERT_FALSE(plan.paths.empty());
    EXPECT_EQ(plan.paths.front().purpose, "exposure.git_repository");
}

TEST(Judge, OneCoverageEntryForEachCheckAndFindingsWithTexts) {
    const auto target = target_with({"site.unreachable", "tls.tls10"});
    const auto report = judge_target(target, refused_site(), {});
    ASSERT_EQ(report.checks.size(), 2U);
    EXPECT_TRUE(report.checks[0].outcome.is_completed());
    EXPECT_FALSE(report.checks[1].outcome.is_completed());
    ASSERT_EQ(report.findings.size(), 1U);
    const auto& finding = report.findings.front();
    EXPECT_EQ(finding.unit.str(), "u1");
    EXPECT_EQ(finding.target, "http://www.town.test/");
    EXPECT_FALSE(finding.title.zh.empty());
    EXPECT_EQ(finding.id, model::finding_id_of(finding.fingerprint));
    EXPECT_FALSE(report.is_reached()) << "judging reachability reaches nobody";
}

TEST(Judge, ASiteThatAnswersIsReachedAlsoWhenNothingElseIsAsked) {
    const auto json = base::parse_yaml("target: http://www.town.test/\n"
                                       "web: {plain: {hops: [{url: 'http://www.town.test/'}]}}\n");
    const auto seen = model::observation_from_json(json.value()).value();
    EXPECT_TRUE(judge_target(target_with({"site.unreachable"}), seen, {}).is_reached());
    EXPECT_FALSE(judge_target(target_with({"site.unreachable"}), refused_site(), {}).is_reached());
}

TEST(Judge, TheSameObservationGivesTheSameIds) {
    const auto target = target_with({"site.unreachable"});
    const auto first = judge_target(target, refused_site(), {});
    const auto second =
        judge_target(target, refused_site(), base::parse_rfc3339("2026-11-24T00:00:00Z").value());
    EXPECT_EQ(first.findings.front().id, second.findings.front().id);
}

TEST(ResultLines, FollowTheContract) {
    const auto target = target_with({"site.unreachable", "tls.tls10"});
    const auto lines = result_lines(judge_target(target, refused_site(), {}), model::RunId("r1"));
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0]["type"].as_string(), "coverage");
    EXPECT_EQ(lines[0]["status"].as_string(), "completed");
    EXPECT_TRUE(lines[0]["reason"].is_null());
    EXPECT_FALSE(lines[1]["reason"].as_string().empty());
    for (const char* field :
         {"id",
          "fingerprint",
          "check",
          "severity",
          "unit",
          "target",
          "locator",
          "title",
          "advice",
          "evidence",
          "references",
          "first_seen",
          "last_seen"}) {
        EXPECT_NE(lines[2].find(field), nullptr) << field;
    }
}

TEST(BlindReport, SaysTheSameOfEveryCheck) {
    const auto target = target_with({"site.unreachable", "tls.tls10"});
    const auto report = blind_report(target, model::refused(model::Reason::not_registered), {});
    ASSERT_EQ(report.checks.size(), 2U);
    EXPECT_EQ(report.obstacle(), model::refused(model::Reason::not_registered));
    EXPECT_FALSE(report.is_stopped());
    EXPECT_TRUE(blind_report(target, model::skipped(model::Reason::stopped), {}).is_stopped());
}

TEST(Summary, CountsBySeverityWorstFirst) {
    PatrolProgress progress;
    progress.run = model::RunId("r1");
    progress.targets_total = 3;
    progress.findings[static_cast<std::size_t>(model::Severity::high)] = 2;
    progress.started_at = std::chrono::steady_clock::now();
    const auto line = summary_line(progress);
    EXPECT_EQ(line["type"].as_string(), "summary");
    EXPECT_EQ(line["targets"].as_int(), 3);
    EXPECT_EQ(line["findings"]["high"].as_int(), 2);
    EXPECT_EQ(line["findings"].members().front().first, "critical");
}

} // namespace
} // namespace fengsui::pipeline
