#include "store/audit_store.h"
#include "store/query_store.h"
#include "store/registry_editor.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

class RegistryEditorTest : public testing::Test {
protected:
    void SetUp() override {
        RegistryStore(*database_).replace({test::small_registry(), "x.csv", test::at(0)}, "t");
    }

    test::TempDirectory directory_;
    std::unique_ptr<Database> database_ = Database::open(directory_.path(), OpenMode::read_write);
    RegistryEditor editor_{*database_};
    QueryStore query_{*database_};
    Editing editing_{"li", test::at(5)};
};

TEST_F(RegistryEditorTest, AUnitIsMadeChangedAndRemembered) {
    const auto before = RegistryStore(*database_).generation();
    UnitEntry entry{test::unit("u9", "Nine", "u1"), "authority", base::Json::object({{"tier", "city"}})};
    editor_.add(entry, editing_);
    EXPECT_THROW(editor_.add(entry, editing_), base::Error);
    entry.unit.name = "Neun";
    editor_.change(entry, {{"name", "Nine", "Neun"}}, editing_);
    const auto unit = query_.get("units", "u9").value();
    EXPECT_EQ(unit["name"].as_string(), "Neun");
    EXPECT_EQ(unit["kind"].as_string(), "authority");
    EXPECT_EQ(unit["tier"].as_string(), "city");
    EXPECT_EQ(unit["created_by"].as_string(), "li");
    EXPECT_EQ(unit["rev"].as_int(), 2);
    EXPECT_EQ(unit["contacts"].items().size(), 1U);
    EXPECT_EQ(query_.history("units", "u9").size(), 2U);
    EXPECT_EQ(RegistryStore(*database_).generation(), before + 2);
    EXPECT_TRUE(AuditStore(*database_).verify().ok);
}

TEST_F(RegistryEditorTest, ASystemTakesItsAssetsAlong) {
    SystemEntry entry{{model::SystemId("s1"), model::UnitId("u2"), "Portal", 3, true}, {}};
    editor_.change(entry, {{"unit", "u1", "u2"}}, editing_);
    const auto asset = test::asset("http://www.example.cn/", "u1");
    EXPECT_EQ(query_.get("assets", asset.id.str()).value()["unit"].as_string(), "u2");
}

TEST_F(RegistryEditorTest, WhatIsRegisteredAlreadyClashes) {
    const auto same = editor_.clash_of(test::asset("http://WWW.example.cn", "u2"));
    ASSERT_TRUE(same);
    EXPECT_TRUE(same->is_same);
    EXPECT_EQ(same->unit.str(), "u1");
    const auto inside = editor_.clash_of(test::asset("192.0.2.9", "u1"));
    ASSERT_TRUE(inside);
    EXPECT_FALSE(inside->is_same);
    EXPECT_FALSE(editor_.clash_of(test::asset("192.0.2.9", "u2")));
    EXPECT_FALSE(editor_.clash_of(test::asset("198.51.100.1", "u1")));
}

TEST_F(RegistryEditorTest, AnAssetIsMadeAndFoundByThePatrol) {
    editor_.add(test::asset("https://new.example.cn", "u2"), editing_);
    const auto loaded = RegistryStore(*database_).load().data.assets;
    EXPECT_TRUE(std::any_of(loaded.begin(), loaded.end(), [](const auto& asset) {
        return asset.value == "https://new.example.cn" && asset.unit.str() == "u2";
    }));
}

} // namespace
} // namespace fengsui::store
