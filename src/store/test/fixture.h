// For this module's tests: a data directory of its own and a small registry.
#pragma once

#include "base/temp_directory_for_test.h"
#include "model/registry.h"
#include "store/database.h"
#include "store/finding_store.h"
#include "store/registry_store.h"

namespace fengsui::store::test {

using base::TempDirectory;

inline base::Instant at(int second) {
    const std::chrono::sys_days day(
        base::Date(std::chrono::year(2026), std::chrono::month(11), std::chrono::day(20))
    );
    return base::Instant(day) + std::chrono::hours(4) + std::chrono::seconds(second);
}

inline model::Asset asset(const std::string& value, const std::string& unit, const std::string& system = "") {
    model::Asset asset;
    asset.value = value;
    asset.target = model::AssetTarget::parse(value).or_throw();
    asset.id = model::asset_id_of(asset.target);
    asset.unit = model::UnitId(unit);
    asset.system = model::SystemId(system);
    return asset;
}

inline model::Unit unit(const std::string& id, const std::string& name, const std::string& parent = "") {
    return {
        model::UnitId(id),
        name,
        model::UnitId(parent),
        {{"contact", "Duty desk", id + "@example.cn", "010-1"}}};
}

/// u1 above u2; www.example.cn (u1, system s1), mail:example.cn (u1), 192.0.2.0/24 (u2).
inline model::RegistryData small_registry() {
    model::RegistryData data;
    data.units = {unit("u1", "Bureau"), unit("u2", "School", "u1")};
    data.systems = {{model::SystemId("s1"), model::UnitId("u1"), "Portal", 3, true}};
    data.assets = {
        asset("http://www.example.cn/", "u1", "s1"),
        asset("mail:example.cn", "u1"),
        asset("192.0.2.0/24", "u2")};
    data.assets[0].authorised_from = base::Date(std::chrono::year(2026) / 1 / 1);
    data.assets[0].probe_class = model::ProbeClass::careful;
    data.assets[0].custom = {{"floor", "3"}};
    return data;
}

inline model::Finding finding(
    const std::string& check, const std::string& locator, model::Severity severity
) {
    model::Finding finding;
    finding.check = model::CheckId(check);
    finding.locator = locator;
    finding.severity = severity;
    finding.title = {"标题", "Title of " + check};
    finding.advice = {"建议", "Advice"};
    finding.evidence = base::Json::object({{"seen", locator}});
    finding.references = {"RFC 9110"};
    return finding;
}

inline TargetResult result(
    const model::Asset& asset, const std::string& run, int second, std::vector<CheckResult> checks
) {
    return {asset.id, asset.value, model::RunId(run), at(second), std::move(checks), true};
}

inline CheckResult found(const std::string& check, const std::vector<model::Finding>& findings) {
    return {model::CheckId(check), check, model::completed(), findings};
}

} // namespace fengsui::store::test
