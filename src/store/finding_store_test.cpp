#include "store/audit_store.h"
#include "store/finding_store.h"
#include "store/query_store.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

using model::Severity;
using test::at;
using test::finding;
using test::found;
using test::result;

class Findings : public ::testing::Test {
protected:
    void SetUp() override {
        RegistryStore(*database_).replace({test::small_registry(), "x.csv", at(0)}, "admin");
    }

    RecordedTarget record(const std::string& run, int second, std::vector<CheckResult> checks) {
        return findings_.record(result(www_, run, second, std::move(checks)));
    }
    base::Json only() {
        const auto page = query_.list("findings", {});
        EXPECT_EQ(page.items.size(), 1U);
        return *query_.get("findings", page.items.at(0)["id"].as_string());
    }
    std::vector<std::string> events() {
        std::vector<std::string> names;
        for (const auto& event : query_.history("findings", only()["id"].as_string())) {
            names.push_back(event["event"].as_string());
        }
        return names;
    }

    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    FindingStore findings_{*database_};
    QueryStore query_{*database_};
    model::Asset www_ = test::small_registry().assets[0];
};

TEST_F(Findings, ANewOneIsStoredWithItsOwner) {
    const auto recorded =
        record("r1", 1, {found("tls.sslv3", {finding("tls.sslv3", "www.example.cn:443", Severity::high)})});
    ASSERT_EQ(recorded.findings.size(), 1U);
    ASSERT_EQ(recorded.changes.size(), 1U);
    EXPECT_EQ(recorded.changes[0].kind, ChangeKind::found);
    EXPECT_EQ(recorded.findings[0].first_seen, at(1));
    EXPECT_EQ(recorded.findings[0].unit.str(), "u1");
    EXPECT_EQ(recorded.findings[0].target, "http://www.example.cn/");
    const auto stored = only();
    EXPECT_EQ(stored["unit"].as_string(), "u1");
    EXPECT_EQ(stored["unit_name"].as_string(), "Bureau");
    EXPECT_EQ(stored["system"].as_string(), "s1");
    EXPECT_EQ(stored["presence"].as_string(), "present");
    EXPECT_EQ(stored["state"].as_string(), "new");
    EXPECT_EQ(stored["title"]["en"].as_string(), "Title of tls.sslv3");
    EXPECT_EQ(stored["references"].items().size(), 1U);
    EXPECT_EQ(stored["evidence"]["seen"].as_string(), "www.example.cn:443");
}

TEST_F(Findings, SeenAgainKeepsTheFirstTime) {
    record("r1", 1, {found("a.b", {finding("a.b", "", Severity::low)})});
    const auto recorded = record("r2", 100, {found("a.b", {finding("a.b", "", Severity::low)})});
    EXPECT_TRUE(recorded.changes.empty());
    EXPECT_EQ(recorded.findings[0].first_seen, at(1));
    EXPECT_EQ(recorded.findings[0].last_seen, at(100));
    EXPECT_EQ(only()["runs"].items().size(), 2U);
    EXPECT_EQ(only()["recurrence"].as_int(), 0);
}

TEST_F(Findings, GoneWhenACompletedCheckNoLongerFindsIt) {
    record("r1", 1, {found("a.b", {finding("a.b", "", Severity::low)})});
    const auto recorded = record("r2", 2, {found("a.b", {})});
    ASSERT_EQ(recorded.changes.size(), 1U);
    EXPECT_EQ(recorded.changes[0].kind, ChangeKind::absent);
    EXPECT_EQ(recorded.changes[0].finding.title.en, "Title of a.b");
    EXPECT_EQ(only()["presence"].as_string(), "absent");
    EXPECT_EQ(only()["presence_run"].as_string(), "r2");
    EXPECT_EQ(only()["last_seen"].as_string(), base::format_rfc3339(at(1)));
}

TEST_F(Findings, BlindnessIsNotAbsence) {
    record("r1", 1, {found("a.b", {finding("a.b", "", Severity::low)})});
    using model::not_reached, model::Reason, model::refused, model::skipped;
    for (const auto outcome :
         {not_reached(Reason::timeout), skipped(Reason::deadline), refused(Reason::not_authorised)}) {
        const auto recorded = record("r2", 2, {{model::CheckId("a.b"), "a.b", outcome, {}}});
        EXPECT_TRUE(recorded.changes.empty());
        EXPECT_EQ(only()["presence"].as_string(), "present");
    }
    const auto coverage = query_.coverage_of(www_.id);
    ASSERT_EQ(coverage.size(), 1U);
    EXPECT_EQ(coverage[0]["status"].as_string(), "refused");
    EXPECT_EQ(coverage[0]["reason"].as_string(), "not_authorised");
    EXPECT_EQ(coverage[0]["last_completed_run"].as_string(), "r1");
}

TEST_F(Findings, APlaceThatACompletedCheckCouldNotSeeStaysAsItWas) {
    record("r1", 1, {found("a.b", {finding("a.b", "mx2:25", Severity::low)})});
    CheckResult partial = found("a.b", {});
    partial.unseen = {"mx2:25"};
    EXPECT_TRUE(record("r2", 2, {partial}).changes.empty());
    EXPECT_EQ(only()["presence"].as_string(), "present");
    partial.unseen = {"mx1:25"};
    EXPECT_EQ(record("r3", 3, {partial}).changes.size(), 1U);
}

TEST_F(Findings, ACheckThatWasNotRunChangesNothing) {
    record("r1", 1, {found("a.b", {finding("a.b", "", Severity::low)})});
    record("r2", 2, {found("a.c", {})});
    EXPECT_EQ(only()["presence"].as_string(), "present");
}

TEST_F(Findings, ReappearingIsCounted) {
    record("r1", 1, {found("a.b", {finding("a.b", "", Severity::low)})});
    record("r2", 2, {found("a.b", {})});
    const auto recorded = record("r3", 3, {found("a.b", {finding("a.b", "", Severity::low)})});
    ASSERT_EQ(recorded.changes.size(), 1U);
    EXPECT_EQ(recorded.changes[0].kind, ChangeKind::reappeared);
    EXPECT_EQ(only()["recurrence"].as_int(), 1);
    EXPECT_EQ(events(), (std::vector<std::string>{"found", "absent", "reappeared"}));
}

TEST_F(Findings, AChangedSeverityIsKeptAndIsTheSameFinding) {
    record("r1", 1, {found("a.b", {finding("a.b", "", Severity::low)})});
    record("r2", 2, {found("a.b", {finding("a.b", "", Severity::critical)})});
    const auto stored = only();
    EXPECT_EQ(stored["severity"].as_string(), "critical");
    ASSERT_EQ(stored["severity_history"].items().size(), 2U);
    EXPECT_EQ(stored["severity_history"].items()[0]["severity"].as_string(), "low");
    EXPECT_EQ(events().back(), "severity_changed");
}

TEST_F(Findings, TheSameClaimTwiceIsOne) {
    const auto claim = finding("a.b", "/x", Severity::low);
    const auto recorded = record("r1", 1, {found("a.b", {claim, claim})});
    EXPECT_EQ(recorded.findings.size(), 1U);
    only();
}

TEST_F(Findings, RecordingTwiceDoublesNothing) {
    const std::vector<CheckResult> checks = {
        found("a.b", {finding("a.b", "", Severity::low)}), found("a.c", {})};
    record("r1", 1, checks);
    const auto entries = AuditStore(*database_).verify().entries;
    EXPECT_TRUE(record("r1", 1, checks).changes.empty());
    EXPECT_EQ(AuditStore(*database_).verify().entries, entries);
    EXPECT_EQ(only()["runs"].items().size(), 1U);
    EXPECT_EQ(events().size(), 1U);
    EXPECT_EQ(query_.coverage_of(www_.id).size(), 2U);
}

TEST_F(Findings, ARenamedCheckKeepsItsFindings) {
    record("r1", 1, {found("old.name", {finding("old.name", "", Severity::low)})});
    CheckResult renamed = found("new.name", {finding("new.name", "", Severity::low)});
    renamed.family = "old.name";
    record("r2", 2, {renamed});
    EXPECT_EQ(only()["check"].as_string(), "new.name");
    EXPECT_EQ(only()["first_seen"].as_string(), base::format_rfc3339(at(1)));
}

TEST_F(Findings, EverySetOfChangesIsInTheAudit) {
    record("r1", 1, {found("a.b", {finding("a.b", "", Severity::low)})});
    const auto page = query_.list("audit", {});
    ASSERT_EQ(page.items.size(), 2U);
    EXPECT_EQ(page.items[1]["event"].as_string(), "findings_recorded");
    EXPECT_EQ(page.items[1]["details"]["found"].items()[0].as_string(), only()["id"].as_string());
}

} // namespace
} // namespace fengsui::store
