// The table of who is below whom follows the tree: through imports in any order, moves, and back.
#include "store/query_store.h"
#include "store/sqlite/unit_below.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

class UnitBelow : public testing::Test {
protected:
    void have(std::vector<model::Unit> units) {
        auto data = test::small_registry();
        data.assets.clear();
        data.systems.clear();
        data.units = std::move(units);
        RegistryStore(*database_).replace({data, "r.csv", test::at(0)}, "admin");
    }
    std::string below(const std::string& top) {
        std::string text;
        for (const auto& unit : query_.subtree(model::UnitId(top))) {
            text += unit.str() + " ";
        }
        return text;
    }
    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    QueryStore query_{*database_};
};

TEST_F(UnitBelow, AChildMayStandBeforeItsParent) {
    have({test::unit("c", "C", "b"), test::unit("a", "A"), test::unit("b", "B", "a")});
    EXPECT_EQ(below("a"), "a b c ");
    EXPECT_EQ(below("b"), "b c ");
    EXPECT_EQ(below("c"), "c ");
    EXPECT_EQ(below("nobody"), "");
}

TEST_F(UnitBelow, AMoveTakesAllBelowWithIt) {
    have({test::unit("a", "A"), test::unit("b", "B", "a"), test::unit("c", "C", "b"), test::unit("x", "X")});
    const auto before = query_.scope_of({model::UnitId("a")});
    have({test::unit("a", "A"), test::unit("b", "B", "x"), test::unit("c", "C", "b"), test::unit("x", "X")});
    EXPECT_EQ(below("a"), "a ");
    EXPECT_EQ(below("x"), "b c x ");
    EXPECT_TRUE(before.contain(model::UnitId("c")));
    const auto after = query_.scope_of({model::UnitId("a")});
    EXPECT_FALSE(after.contain(model::UnitId("c")));
    EXPECT_TRUE(after.contain(model::UnitId("a")));
}

TEST_F(UnitBelow, NoneAndAllAreNotTheSame) {
    EXPECT_TRUE(VisibleUnits().contain(model::UnitId("a")));
    EXPECT_FALSE(VisibleUnits::none().contain(model::UnitId("a")));
    EXPECT_FALSE(query_.scope_of({}).are_all());
}

} // namespace
} // namespace fengsui::store
