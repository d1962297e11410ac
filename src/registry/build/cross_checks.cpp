#include "registry/build/cross_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace fengsui::registry::build {

namespace {

/// An asset of the file, or of a unit that the file leaves alone (row 0).
struct Claim {
    const model::Asset* asset = nullptr;
    unsigned row = 0;
};

class CrossChecks {
public:
    CrossChecks(const Draft& draft, const model::RegistryData& existing, table::Problems& problems)
        : draft_(draft), existing_(existing), problems_(problems) {
        for (const auto& unit : draft.data.units) {
            listed_.insert(unit.id.str());
            parents_[unit.id.str()] = unit.parent.str();
        }
        for (const auto& unit : existing.units) {
            parents_.try_emplace(unit.id.str(), unit.parent.str());
        }
    }

    void run() {
        check_parents();
        check_systems();
        check_other_units();
        check_prefixes();
    }

private:
    void add(unsigned row, Column column, std::string_view code, std::string zh, std::string en) {
        problems_.add(row, to_string(column), code, std::move(zh), std::move(en));
    }

    void check_parents() {
        for (std::size_t i = 0; i < draft_.data.units.size(); ++i) {
            const auto& unit = draft_.data.units[i];
            if (unit.parent.empty()) {
                continue;
            }
            if (!parents_.contains(unit.parent.str())) {
                add(draft_.unit_rows[i],
                    Column::parent,
                    "unknown_parent",
                    fmt::format("上级单位 {} 既不在文件中也未登记", unit.parent.str()),
                    fmt::format(
                        "the unit above, {}, is neither in the file nor registered", unit.parent.str()
                    ));
            } else if (is_above_itself(unit.id.str())) {
                add(draft_.unit_rows[i],
                    Column::parent,
                    "cycle",
                    fmt::format("单位 {} 的上级关系成环", unit.id.str()),
                    fmt::format("the units above {} lead back to it", unit.id.str()));
            }
        }
    }

    /// Walks up, and gives up at a unit seen to lead nowhere new; each unit is walked once in all.
    bool is_above_itself(const std::string& start) {
        std::unordered_set<std::string> path;
        std::string at = start;
        while (!at.empty() && !sound_.contains(at)) {
            if (!path.insert(at).second) {
                return at == start;
            }
            const auto up = parents_.find(at);
            at = up == parents_.end() ? std::string() : up->second;
        }
        sound_.insert(path.begin(), path.end());
        return false;
    }

    void check_systems() {
        std::unordered_map<std::string, std::string> others;
        for (const auto& system : existing_.systems) {
            if (!listed_.contains(system.unit.str())) {
                others.emplace(system.id.str(), system.unit.str());
            }
        }
        for (const auto& system : draft_.data.systems) {
            if (const auto other = others.find(system.id.str()); other != others.end()) {
                add(0,
                    Column::system,
                    "system_of_two_units",
                    fmt::format("系统 {} 已登记在单位 {} 名下", system.id.str(), other->second),
                    fmt::format(
                        "the system {} is registered to the unit {}, which this file does not list",
                        system.id.str(),
                        other->second
                    ));
            }
        }
    }

    void check_other_units() {
        std::unordered_map<std::string, const model::Asset*> others;
        for (const auto& asset : existing_.assets) {
            if (!listed_.contains(asset.unit.str())) {
                others.emplace(asset.id.str(), &asset);
            }
        }
        for (std::size_t i = 0; !others.empty() && i < draft_.data.assets.size(); ++i) {
            const auto& asset = draft_.data.assets[i];
            if (const auto other = others.find(asset.id.str()); other != others.end()) {
                add(draft_.asset_rows[i],
                    Column::asset,
                    "asset_of_two_units",
                    fmt::format("资产 {} 已登记在单位 {} 名下", asset.value, other->second->unit.str()),
                    fmt::format(
                        "the asset {} is registered to the unit {}, which this file does not list",
                        asset.value,
                        other->second->unit.str()
                    ));
            }
        }
    }

    static bool is_block(const model::Asset& asset) {
        return asset.target.kind == model::AssetKind::address
               || asset.target.kind == model::AssetKind::prefix;
    }

    [[nodiscard]] std::vector<Claim> blocks() const {
        std::vector<Claim> claims;
        for (std::size_t i = 0; i < draft_.data.assets.size(); ++i) {
            if (is_block(draft_.data.assets[i])) {
                claims.push_back({&draft_.data.assets[i], draft_.asset_rows[i]});
            }
        }
        for (const auto& asset : existing_.assets) {
            if (is_block(asset) && !listed_.contains(asset.unit.str())) {
                claims.push_back({&asset, 0});
            }
        }
        // A block comes right before the blocks inside it.
        std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
            const auto& left = *a.asset->target.prefix;
            const auto& right = *b.asset->target.prefix;
            const auto order = left.address() <=> right.address();
            return order != 0 ? order < 0 : left.length() < right.length();
        });
        return claims;
    }

    void check_prefixes() {
        std::vector<Claim> around;
        for (const auto& claim : blocks()) {
            const auto& block = *claim.asset->target.prefix;
            while (!around.empty() && !around.back().asset->target.prefix->contains(block)) {
                around.pop_back();
            }
            if (!around.empty() && around.back().asset->unit != claim.asset->unit) {
                report_overlap(around.back(), claim);
            }
            around.push_back(claim);
        }
    }

    void report_overlap(const Claim& outer, const Claim& inner) {
        if (outer.asset->id == inner.asset->id || (outer.row == 0 && inner.row == 0)) {
            return; // reported as the same asset, or not of this file's making
        }
        const auto& blamed = inner.row != 0 ? inner : outer;
        const auto& other = inner.row != 0 ? outer : inner;
        const auto where_zh = other.row == 0 ? std::string("已登记") : fmt::format("第 {} 行", other.row);
        const auto where_en = other.row == 0 ? std::string("registered") : fmt::format("row {}", other.row);
        add(blamed.row,
            Column::asset,
            "overlapping_prefix",
            fmt::format(
                "{} 与单位 {} 的 {}（{}）重叠",
                blamed.asset->value,
                other.asset->unit.str(),
                other.asset->value,
                where_zh
            ),
            fmt::format(
                "{} overlaps {} of the unit {} ({})",
                blamed.asset->value,
                other.asset->value,
                other.asset->unit.str(),
                where_en
            ));
    }

    const Draft& draft_;
    const model::RegistryData& existing_;
    table::Problems& problems_;
    std::unordered_set<std::string> listed_;
    std::unordered_map<std::string, std::string> parents_;
    std::unordered_set<std::string> sound_;
};

} // namespace

void check_across(const Draft& draft, const model::RegistryData& existing, table::Problems& problems) {
    CrossChecks(draft, existing, problems).run();
}

} // namespace fengsui::registry::build
