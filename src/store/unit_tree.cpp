#include "store/unit_tree.h"

#include "base/json.h"
#include "store/database.h"
#include "store/sqlite/handle.h"

namespace fengsui::store {

namespace {

using sqlite::Connection;
using sqlite::Reading;

/// Deeper trees are damaged ones.
constexpr std::size_t kDeepest = 64;

std::vector<model::Contact> contacts_of(Connection& connection, const model::UnitId& id) {
    auto rows =
        connection.prepare("SELECT role, name, email, phone FROM contacts WHERE unit = ? ORDER BY position");
    rows.bind(id.str());
    std::vector<model::Contact> contacts;
    while (rows.step()) {
        contacts.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3)});
    }
    return contacts;
}

OrgUnit unit_of(const sqlite::Statement& row) {
    const auto ext = base::parse_json(row.text(4)).or_throw();
    OrgUnit unit;
    unit.id = model::UnitId(row.text(0));
    unit.name = row.text(1);
    unit.parent = model::UnitId(row.text(2));
    unit.kind = row.text(3);
    unit.tier = ext["tier"].as_string();
    unit.industry = ext["industry"].as_string();
    unit.regulator = ext["regulator"].as_string();
    unit.office = ext["office"].as_string();
    unit.language = ext["language"].as_string();
    unit.overseas = ext["overseas"].as_bool();
    return unit;
}

} // namespace

std::optional<OrgUnit> UnitTree::find(const model::UnitId& id) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare("SELECT id, name, parent, kind, ext FROM units WHERE id = ?");
    row.bind(id.str());
    if (!row.step()) {
        return std::nullopt;
    }
    auto unit = unit_of(row);
    unit.contacts = contacts_of(connection, id);
    return unit;
}

std::vector<OrgUnit> UnitTree::ancestors(const model::UnitId& id) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    std::vector<OrgUnit> above;
    auto unit = find(id);
    while (unit && !unit->parent.empty() && above.size() < kDeepest) {
        unit = find(unit->parent);
        if (unit) {
            above.push_back(*unit);
        }
    }
    return above;
}

std::optional<OrgUnit> UnitTree::authority_of(const model::UnitId& id) {
    const auto above = ancestors(id);
    for (const auto& unit : above) {
        if (unit.kind == "authority") {
            return unit;
        }
    }
    return above.empty() ? std::nullopt : std::optional(above.back());
}

std::optional<OrgUnit> UnitTree::office(std::string_view name, const model::UnitId& from) {
    for (auto& unit : ancestors(from)) {
        if (unit.office == name) {
            return unit;
        }
    }
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row =
        connection.prepare("SELECT id FROM units WHERE json_extract(ext, '$.office') = ? ORDER BY seq LIMIT 1"
        );
    row.bind(name);
    return row.step() ? find(model::UnitId(row.text(0))) : std::nullopt;
}

std::optional<UnitTree::SystemFacts> UnitTree::system_facts(std::string_view id) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare("SELECT protection_level, critical, name, ext FROM systems WHERE id = ?");
    row.bind(id);
    if (!row.step()) {
        return std::nullopt;
    }
    SystemFacts facts;
    if (!row.is_null(0)) {
        facts.protection_level = static_cast<int>(row.integer(0));
    }
    facts.critical = row.integer(1) != 0;
    facts.name = row.text(2);
    facts.protection_dept = base::parse_json(row.text(3)).or_throw()["protection_dept"].as_string();
    return facts;
}

std::optional<model::Asset> UnitTree::asset(std::string_view id) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare("SELECT id, unit, system, value FROM assets WHERE id = ?");
    row.bind(id);
    if (!row.step()) {
        return std::nullopt;
    }
    model::Asset asset;
    asset.id = model::AssetId(row.text(0));
    asset.unit = model::UnitId(row.text(1));
    asset.system = model::SystemId(row.text(2));
    asset.value = row.text(3);
    return asset;
}

} // namespace fengsui::store
