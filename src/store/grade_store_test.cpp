#include "store/grade_store.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

using model::Severity;

class Grades : public testing::Test {
protected:
    void SetUp() override {
        RegistryStore(*database_).replace({test::small_registry(), "r.csv", test::at(0)}, "admin");
    }

    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    GradeStore grades_{*database_};
    model::Asset www_ = test::small_registry().assets[0];
    model::Asset block_ = test::small_registry().assets[2];
};

TEST_F(Grades, StandingsTellWhatWasSeenAndWhatStands) {
    FindingStore(*database_)
        .record(test::result(
            www_,
            "r1",
            1,
            {test::found(
                 "a.b",
                 {test::finding("a.b", "/1", Severity::low), test::finding("a.b", "/2", Severity::high)}
             ),
             test::found("a.c", {}),
             {model::CheckId("a.d"), "", model::not_reached(model::Reason::timeout), {}},
             {model::CheckId("a.e"), "", model::skipped(model::Reason::not_applicable), {}},
             {model::CheckId("a.f"), "", model::refused(model::Reason::policy), {}}}
        ));
    const auto standings = grades_.standings_of(www_.id);
    ASSERT_EQ(standings.size(), 3U);
    EXPECT_TRUE(standings[0].is_judged);
    EXPECT_EQ(standings[0].worst, Severity::high);
    EXPECT_EQ(standings[0].findings.size(), 2U);
    EXPECT_TRUE(standings[1].is_judged);
    EXPECT_FALSE(standings[1].worst);
    EXPECT_FALSE(standings[2].is_judged);
}

TEST_F(Grades, OneADayAndTheNewestCounts) {
    grades_.keep({www_.id, www_.unit, test::at(0), 50, "D"});
    grades_.keep({www_.id, www_.unit, test::at(60), 70, "C"});
    grades_.keep({www_.id, www_.unit, test::at(86'400), 90, "A"});
    const auto history = grades_.history(www_.id);
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].score, 70);
    EXPECT_EQ(history[1].grade, "A");
    EXPECT_EQ(grades_.newest_below(model::UnitId("u1"), 10).size(), 1U);
}

TEST_F(Grades, APlaceIsAmongTheSubtree) {
    grades_.keep({www_.id, www_.unit, test::at(0), 50, "D"});
    grades_.keep({block_.id, block_.unit, test::at(0), 80, "B"});
    const auto place = grades_.place_of(80, model::UnitId("u1"));
    EXPECT_EQ(place.not_better, 2);
    EXPECT_EQ(place.all, 2);
    EXPECT_EQ(grades_.place_of(50, model::UnitId("u1")).not_better, 1);
    EXPECT_EQ(grades_.place_of(50, model::UnitId("u2")).all, 1);
    EXPECT_EQ(grades_.newest_below(model::UnitId("u1"), 10).front().score, 50);
}

} // namespace
} // namespace fengsui::store
