#include "store/baseline_store.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

using base::Json;

TEST(BaselineRows, AreReplacedByAsset) {
    const test::TempDirectory temp;
    const auto database = Database::open(temp.path(), OpenMode::read_write);
    BaselineStore store(*database);
    const model::AssetId asset("a1");
    EXPECT_FALSE(store.find(asset).has_value());
    store.put(asset, Json::object({{"visits", 1}}), base::now());
    store.put(model::AssetId("a2"), Json::object({{"visits", 9}}), base::now());
    store.put(asset, Json::object({{"visits", 2}}), base::now());
    ASSERT_TRUE(store.find(asset).has_value());
    EXPECT_EQ((*store.find(asset))["visits"].as_int(), 2);
}

} // namespace
} // namespace fengsui::store
