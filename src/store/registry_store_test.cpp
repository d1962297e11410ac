#include "store/audit_store.h"
#include "store/query_store.h"
#include "store/registry_store.h"
#include "store/test/fixture.h"

#include <gtest/gtest.h>

namespace fengsui::store {
namespace {

using test::asset;
using test::at;
using test::small_registry;

class Registry : public ::testing::Test {
protected:
    ImportSummary import(const model::RegistryData& data, int second = 0) {
        return registry_.replace({data, "units.csv", at(second)}, "admin");
    }
    std::vector<std::string> values() {
        std::vector<std::string> list;
        for (const auto& one : registry_.load().data.assets) {
            list.push_back(one.value);
        }
        return list;
    }

    test::TempDirectory temp_;
    std::unique_ptr<Database> database_ = Database::open(temp_.path(), OpenMode::read_write);
    RegistryStore registry_{*database_};
    QueryStore query_{*database_};
};

TEST_F(Registry, LoadsWhatWasImported) {
    const auto summary = import(small_registry());
    EXPECT_EQ(summary.units_added, 2U);
    EXPECT_EQ(summary.assets_added, 3U);
    const auto loaded = registry_.load();
    EXPECT_EQ(loaded.generation, 1U);
    ASSERT_EQ(loaded.data.units.size(), 2U);
    EXPECT_EQ(loaded.data.units[1].parent.str(), "u1");
    EXPECT_EQ(loaded.data.units[0].contacts, small_registry().units[0].contacts);
    ASSERT_EQ(loaded.data.systems.size(), 1U);
    EXPECT_EQ(loaded.data.systems[0].protection_level, 3);
    EXPECT_TRUE(loaded.data.systems[0].critical);
    ASSERT_EQ(loaded.data.assets.size(), 3U);
    const auto& first = loaded.data.assets[0];
    EXPECT_EQ(first.id, small_registry().assets[0].id);
    EXPECT_EQ(first.target.canonical(), "http://www.example.cn/");
    EXPECT_EQ(first.authorised_from, small_registry().assets[0].authorised_from);
    EXPECT_FALSE(first.authorised_until);
    EXPECT_EQ(first.probe_class, model::ProbeClass::careful);
    EXPECT_EQ(first.custom, small_registry().assets[0].custom);
    EXPECT_EQ(loaded.data.assets[2].target.kind, model::AssetKind::prefix);
}

TEST_F(Registry, UnlistedAssetsOfAListedUnitAreWithdrawnOthersUntouched) {
    import(small_registry());
    auto next = small_registry();
    next.units = {next.units[0]};
    next.assets = {next.assets[0]};
    const auto summary = import(next, 1);
    EXPECT_EQ(summary.assets_withdrawn, 1U);
    EXPECT_EQ(values(), (std::vector<std::string>{"http://www.example.cn/", "192.0.2.0/24"}));
    const auto id = asset("mail:example.cn", "u1").id.str();
    const auto record = query_.get("assets", id);
    ASSERT_TRUE(record);
    EXPECT_EQ((*record)["state"].as_string(), "withdrawn");
    const auto events = query_.history("assets", id);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1]["event"].as_string(), "withdrawn");
    EXPECT_EQ(events[1]["by"].as_string(), "admin");
}

TEST_F(Registry, AnAssetListedAgainIsRestoredUnderItsOldId) {
    import(small_registry());
    auto next = small_registry();
    next.assets.erase(next.assets.begin() + 1);
    import(next, 1);
    const auto summary = import(small_registry(), 2);
    EXPECT_EQ(summary.assets_restored, 1U);
    EXPECT_EQ(summary.assets_added, 0U);
    EXPECT_EQ(values().size(), 3U);
}

TEST_F(Registry, ChangesAreKeptFieldByField) {
    import(small_registry());
    auto next = small_registry();
    next.units[1].name = "Primary school";
    next.assets[0].authorised_until = base::Date(std::chrono::year(2027) / 1 / 31);
    const auto summary = import(next, 1);
    EXPECT_EQ(summary.units_changed, 1U);
    EXPECT_EQ(summary.assets_changed, 1U);
    EXPECT_EQ(summary.assets_withdrawn, 0U);
    const auto unit_events = query_.history("units", "u2");
    EXPECT_EQ(unit_events.back()["reason"].as_string(), "name");
    EXPECT_EQ(unit_events.back()["from"].as_string(), "School");
    EXPECT_EQ(unit_events.back()["to"].as_string(), "Primary school");
    const auto asset_events = query_.history("assets", next.assets[0].id.str());
    EXPECT_EQ(asset_events.back()["reason"].as_string(), "authorised_until");
    EXPECT_EQ(asset_events.back()["to"].as_string(), "2027-01-31");
}

TEST_F(Registry, TheSameFileAgainChangesNothingButTheGeneration) {
    import(small_registry());
    const auto summary = import(small_registry(), 1);
    EXPECT_EQ(
        summary.units_changed + summary.assets_changed + summary.systems_changed + summary.assets_added, 0U
    );
    EXPECT_EQ(summary.generation, 2U);
}

TEST_F(Registry, PreviewChangesNothing) {
    import(small_registry());
    auto next = small_registry();
    next.assets.pop_back();
    EXPECT_EQ(registry_.preview({next, "units.csv", at(1)}).summary.assets_withdrawn, 1U);
    EXPECT_EQ(values().size(), 3U);
    EXPECT_EQ(registry_.generation(), 1U);
    EXPECT_EQ(AuditStore(*database_).verify().entries, 1);
}

TEST_F(Registry, AnotherProcessSeesTheGenerationRise) {
    import(small_registry());
    auto other = Database::open(temp_.path(), OpenMode::read_only);
    RegistryStore reader(*other);
    EXPECT_EQ(reader.generation(), 1U);
    import(small_registry(), 1);
    EXPECT_EQ(reader.generation(), 2U);
    EXPECT_EQ(registry_.generation(), 2U);
}

TEST_F(Registry, AFailedImportLeavesTheOldOneWhole) {
    import(small_registry());
    auto next = small_registry();
    next.assets.push_back(asset("new.example.cn", "nowhere")); // no such unit: the foreign key refuses
    EXPECT_THROW(import(next, 1), base::Error);
    EXPECT_EQ(values().size(), 3U);
    EXPECT_EQ(registry_.generation(), 1U);
}

TEST_F(Registry, FindingsOfAWithdrawnAssetBecomeUnknown) {
    import(small_registry());
    FindingStore findings(*database_);
    const auto www = small_registry().assets[0];
    findings.record(
        test::result(www, "r1", 1, {test::found("a.b", {test::finding("a.b", "/", model::Severity::high)})})
    );
    auto next = small_registry();
    next.assets.erase(next.assets.begin());
    import(next, 2);
    EXPECT_EQ(query_.list("findings", {}).items[0]["presence"].as_string(), "unknown");
}

} // namespace
} // namespace fengsui::store
