#include "store/query_store.h"
#include "store/run_store.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

using test::at;

class Runs : public ::testing::Test {
protected:
    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    RunStore runs_{*database_};
};

TEST_F(Runs, AnUnfinishedRunIsFoundWithWhatItHasDone) {
    const auto run = runs_.begin_run({"all", base::Json::object({{"units", "all"}}), "0.1.0", 3, at(0)});
    const auto www = test::asset("http://www.example.cn/", "u1");
    FindingStore(*database_).record(test::result(www, run.str(), 1, {test::found("a.b", {})}));
    EXPECT_EQ(runs_.find_unfinished_run("all"), run);
    EXPECT_FALSE(runs_.find_unfinished_run("other"));
    EXPECT_EQ(runs_.completed_targets(run), std::vector<model::AssetId>{www.id});
    auto partly = test::result(test::asset("mail:example.cn", "u1"), run.str(), 2, {test::found("a.b", {})});
    partly.ends_target = false;
    FindingStore(*database_).record(partly);
    EXPECT_EQ(runs_.completed_targets(run).size(), 1U);
}

TEST_F(Runs, AFinishedRunIsNotContinued) {
    const auto run = runs_.begin_run({"all", {}, "0.1.0", 3, at(0)});
    runs_.finish_run(run, "finished", base::Json::object({{"requests", 7}, {"bytes", 9}}), at(5));
    EXPECT_FALSE(runs_.find_unfinished_run("all"));
    const auto record = QueryStore(*database_).get("runs", run.str());
    ASSERT_TRUE(record);
    EXPECT_EQ((*record)["state"].as_string(), "finished");
    EXPECT_EQ((*record)["requests"].as_int(), 7);
    EXPECT_EQ((*record)["ended_at"].as_string(), base::format_rfc3339(at(5)));
    EXPECT_THROW(runs_.finish_run(model::RunId("none"), "finished", {}, at(5)), base::Error);
}

TEST_F(Runs, AnOvertakenRunIsNotContinued) {
    runs_.begin_run({"all", {}, "0.1.0", 3, at(0)});
    const auto second = runs_.begin_run({"all", {}, "0.1.0", 3, at(1)});
    runs_.finish_run(second, "finished", {}, at(2));
    EXPECT_FALSE(runs_.find_unfinished_run("all"));
}

TEST_F(Runs, TheScheduleRemembers) {
    const model::AssetId asset("a1");
    runs_.note_started(asset, "web", at(1));
    runs_.note_completed(asset, "web", at(2));
    runs_.note_started(asset, "web", at(3));
    const auto entries = runs_.schedule();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].last_started, at(3));
    EXPECT_EQ(entries[0].last_completed, at(2));
}

TEST_F(Runs, RunsOfAKilledProcessAreClosed) {
    const auto killed = runs_.begin_run({"scheduler", base::Json::object(), "0", 3, at(1)});
    const auto other = runs_.begin_run({"patrol", base::Json::object(), "0", 3, at(1)});
    EXPECT_EQ(runs_.close_abandoned("scheduler", at(2)), 1U);
    EXPECT_EQ(runs_.close_abandoned("scheduler", at(3)), 0U);
    EXPECT_FALSE(runs_.find_unfinished_run("scheduler"));
    EXPECT_EQ(runs_.find_unfinished_run("patrol"), other);
    const auto shown = QueryStore(*database_).get("runs", killed.str());
    EXPECT_EQ((*shown)["state"].as_string(), "stopped");
    EXPECT_EQ((*shown)["ended_at"].as_string(), base::format_rfc3339(at(2)));
}

TEST_F(Runs, OnlyCompletedLooksCount) {
    const auto www = test::asset("http://www.example.cn/", "u1");
    FindingStore findings(*database_);
    findings.record(test::result(
        www,
        "r1",
        1,
        {test::found("a.b", {}), {model::CheckId("a.c"), "", model::not_reached(model::Reason::timeout), {}}}
    ));
    findings.record(test::result(
        www, "r2", 2, {{model::CheckId("a.b"), "", model::not_reached(model::Reason::timeout), {}}}
    ));
    const auto looks = runs_.last_completed();
    ASSERT_EQ(looks.size(), 1U);
    EXPECT_EQ(looks[0].check.str(), "a.b");
    EXPECT_EQ(looks[0].at, at(1));
}

} // namespace
} // namespace fengsui::store
