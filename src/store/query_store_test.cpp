#include "store/query_store.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

#include <set>

namespace fengsui::store {
namespace {

using model::Severity;
using model::UnitId;
using test::at;

class Queries : public ::testing::Test {
protected:
    void SetUp() override {
        auto data = test::small_registry();
        RegistryStore(*database_).replace({data, "x.csv", at(0)}, "admin");
        std::vector<model::Finding> web;
        web.reserve(7);
        for (int i = 0; i < 7; ++i) {
            web.push_back(
                test::finding("a.b", "/" + std::to_string(i), i % 2 == 0 ? Severity::high : Severity::low)
            );
        }
        findings_.record(test::result(data.assets[0], "r1", 1, {test::found("a.b", web)}));
        findings_.record(test::result(
            data.assets[2],
            "r1",
            2,
            {test::found("a.c", {test::finding("a.c", "", Severity::critical)}),
             {model::CheckId("a.d"), "", model::not_reached(model::Reason::timeout), {}}}
        ));
    }
    std::size_t count(
        const std::vector<std::pair<std::string, std::string>>& equals, VisibleUnits visible = {}
    ) {
        return query_.list("findings", {equals, std::move(visible), 100, ""}).items.size();
    }

    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    FindingStore findings_{*database_};
    QueryStore query_{*database_};
};

TEST_F(Queries, AWalkMeetsEachItemOnceWhileOthersAreAdded) {
    std::multiset<std::string> ids;
    ListRequest request;
    request.limit = 3;
    int added = 0;
    do {
        const auto page = query_.list("findings", request);
        for (const auto& item : page.items) {
            ids.insert(item["id"].as_string());
        }
        if (added < 2) {
            auto mail = test::small_registry().assets[1];
            findings_.record(test::result(
                mail,
                "r2",
                10 + added,
                {test::found("m." + std::to_string(added), {test::finding("m", "", Severity::info)})}
            ));
            ++added;
        }
        request.cursor = page.next_cursor;
    } while (!request.cursor.empty());
    EXPECT_EQ(ids.size(), 10U);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 10U);
}

TEST_F(Queries, FiltersAreByEquality) {
    EXPECT_EQ(count({}), 8U);
    EXPECT_EQ(count({{"severity", "high"}}), 4U);
    EXPECT_EQ(count({{"unit", "u1"}, {"severity", "low"}}), 3U);
    EXPECT_EQ(count({{"unit", "u2"}, {"presence", "present"}}), 1U);
    EXPECT_EQ(count({{"check", "a.c"}, {"run", "r1"}}), 1U);
    EXPECT_EQ(count({{"run", "r9"}}), 0U);
    EXPECT_EQ(count({{"severity", "' OR 1=1 --"}}), 0U);
    EXPECT_THROW((void)count({{"colour", "red"}}), base::Error);
}

TEST_F(Queries, OnlyVisibleUnitsAreShown) {
    const auto school = query_.scope_of({UnitId("u2")});
    EXPECT_EQ(count({}, school), 1U);
    EXPECT_EQ(count({{"unit", "u1"}}, school), 0U);
    EXPECT_EQ(count({}, VisibleUnits::none()), 0U);
    const auto hidden = query_.list("findings", {{{"unit", "u1"}}, {}, 1, ""}).items[0]["id"].as_string();
    EXPECT_FALSE(query_.get("findings", hidden, school));
    EXPECT_TRUE(query_.get("findings", hidden));
    EXPECT_FALSE(query_.get("units", "u1", school));
    const auto entries = query_.list("audit", {{}, school, 10, ""}).items;
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0]["subject"].as_string(), test::small_registry().assets[2].id.str());
    EXPECT_EQ(
        query_.overview(at(3), std::chrono::minutes(480), school)["findings_by_severity"]["high"].as_int(), 0
    );
}

TEST_F(Queries, BadRequestsAreRefused) {
    EXPECT_THROW((void)query_.list("findings", {{}, {}, 0, ""}), base::Error);
    EXPECT_THROW((void)query_.list("findings", {{}, {}, 1001, ""}), base::Error);
    EXPECT_THROW((void)query_.list("findings", {{}, {}, 10, "1; DROP TABLE findings"}), base::Error);
    EXPECT_THROW((void)query_.list("secrets", {}), base::Error);
}

TEST_F(Queries, EveryCollectionLists) {
    EXPECT_EQ(query_.list("units", {}).items.size(), 2U);
    EXPECT_EQ(
        query_.list("units", {{{"parent", "u1"}}, {}, 10, ""})
            .items[0]["contacts"]
            .items()[0]["email"]
            .as_string(),
        "u2@example.cn"
    );
    EXPECT_EQ(query_.list("systems", {}).items[0]["protection_level"].as_int(), 3);
    const auto assets = query_.list("assets", {{{"unit", "u1"}}, {}, 10, ""}).items;
    ASSERT_EQ(assets.size(), 2U);
    EXPECT_EQ(assets[0]["last_checked"].as_string(), base::format_rfc3339(at(1)));
    EXPECT_TRUE(assets[1]["last_checked"].is_null());
    EXPECT_TRUE(query_.list("runs", {}).items.empty());
    EXPECT_TRUE(query_.list("users", {}).items.empty());
    EXPECT_EQ(query_.list("audit", {}).items.size(), 3U);
    EXPECT_EQ((*query_.get("audit", "2"))["seq"].as_int(), 2);
}

TEST_F(Queries, TheSubtreeHoldsAllBelow) {
    EXPECT_EQ(query_.subtree(UnitId("u1")), (std::vector<UnitId>{UnitId("u1"), UnitId("u2")}));
    EXPECT_EQ(query_.subtree(UnitId("u2")), (std::vector<UnitId>{UnitId("u2")}));
    EXPECT_TRUE(query_.subtree(UnitId("none")).empty());
}

TEST_F(Queries, TheOverviewAddsUp) {
    const auto next_day = at(24 * 3600);
    auto later = test::result(test::small_registry().assets[2], "r2", 24 * 3600, {test::found("a.c", {})});
    findings_.record(later);
    const auto seen = query_.overview(next_day, std::chrono::minutes(480));
    EXPECT_EQ(seen["findings_by_severity"]["high"].as_int(), 4);
    EXPECT_EQ(seen["findings_by_severity"]["critical"].as_int(), 0);
    ASSERT_EQ(seen["by_unit"].items().size(), 1U);
    EXPECT_EQ(seen["by_unit"].items()[0]["name"].as_string(), "Bureau");
    const auto& daily = seen["daily"].items();
    ASSERT_EQ(daily.size(), 30U);
    EXPECT_EQ(daily[29]["date"].as_string(), "2026-11-21");
    EXPECT_EQ(daily[29]["critical"].as_int(), 0);
    EXPECT_EQ(daily[28]["critical"].as_int(), 1);
    EXPECT_EQ(daily[28]["high"].as_int(), 4);
    EXPECT_EQ(daily[27]["high"].as_int(), 0);
    EXPECT_EQ(seen["coverage"]["targets"].as_int(), 2);
    EXPECT_EQ(seen["coverage"]["reached"].as_int(), 2);
    EXPECT_EQ(seen["coverage"]["completed"].as_int(), 2);
    EXPECT_EQ(seen["coverage"]["reasons"]["timeout"].as_int(), 1);
    ASSERT_EQ(seen["worst"].items().size(), 7U);
    EXPECT_EQ(seen["worst"].items()[0]["severity"].as_string(), "high");
    ASSERT_EQ(seen["newest"].items().size(), 7U);
    EXPECT_EQ(seen["newest"].items()[0]["locator"].as_string(), "/6");
}

} // namespace
} // namespace fengsui::store
