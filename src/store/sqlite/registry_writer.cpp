#include "store/sqlite/registry_writer.h"

#include "store/sqlite/meta.h"
#include "store/sqlite/unit_below.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace fengsui::store::sqlite {

namespace {

std::string level_text(const model::System& system) {
    return system.protection_level ? std::to_string(*system.protection_level) : std::string();
}

std::string contacts_text(const std::vector<model::Contact>& contacts) {
    std::string text;
    for (const auto& contact : contacts) {
        text += fmt::format(
            "{}{}: {} {} {}",
            text.empty() ? "" : "; ",
            contact.role,
            contact.name,
            contact.email,
            contact.phone
        );
    }
    return text;
}

/// Rows by id; the vector stays as it is while the map lives.
template <class Row, class GetId>
auto index_of(const std::vector<Row>& rows, GetId get_id) {
    std::unordered_map<std::string, const Row*> index;
    index.reserve(rows.size());
    for (const auto& row : rows) {
        index.emplace(get_id(row).str(), &row);
    }
    return index;
}

template <class Index>
auto* find_in(const Index& index, const std::string& id) {
    const auto entry = index.find(id);
    return entry == index.end() ? nullptr : entry->second;
}

} // namespace

RegistryWriter::RegistryWriter(
    Connection& connection,
    const RegistryImport& import,
    std::string_view by,
    std::vector<ImportDifference>* differences
)
    : connection_(connection), import_(import), by_(by), history_(connection), differences_(differences) {
    for (const auto& unit : import.data.units) {
        listed_units_.insert(unit.id.str());
    }
}

ImportSummary RegistryWriter::write() {
    const auto units = read_units(connection_);
    const auto systems = read_systems(connection_);
    const auto assets = read_assets(connection_);
    const auto units_by_id = index_of(
        units, [](const auto& row) -> const auto& { return row.id; }
    );
    const auto systems_by_id = index_of(
        systems, [](const auto& row) -> const auto& { return row.system.id; }
    );
    const auto assets_by_id = index_of(
        assets, [](const auto& row) -> const auto& { return row.asset.id; }
    );
    next_asset_ = next_seq(connection_, "assets");
    for (const auto& unit : import_.data.units) {
        write_unit(unit, find_in(units_by_id, unit.id.str()));
    }
    for (const auto& system : import_.data.systems) {
        write_system(system, find_in(systems_by_id, system.id.str()));
    }
    for (const auto& asset : import_.data.assets) {
        write_asset(asset, find_in(assets_by_id, asset.id.str()));
    }
    withdraw_missing(systems, assets);
    return summary_;
}

void RegistryWriter::note(const Subject& subject, const Changes& changes) {
    for (const auto& change : changes) {
        history_.add(
            {subject.collection, subject.id, import_.at, by_, "changed", change.from, change.to, change.field}
        );
    }
    list_difference(subject, "changed", changes);
}

void RegistryWriter::note(
    const Subject& subject, std::string_view event, std::string_view from, std::string_view to
) {
    history_.add({subject.collection, subject.id, import_.at, by_, event, from, to, import_.source});
    list_difference(subject, event, {});
}

/// A record that is restored and changed besides stands there once.
void RegistryWriter::list_difference(const Subject& subject, std::string_view event, const Changes& fields) {
    const bool is_nothing = event == "changed" && fields.empty();
    if (differences_ == nullptr || is_nothing) {
        return;
    }
    if (!differences_->empty()) {
        auto& last = differences_->back();
        if (last.collection == subject.collection && last.id == subject.id) {
            last.event = event;
            return;
        }
    }
    differences_->push_back(
        {subject.collection, std::string(subject.id), std::string(subject.name), event, fields}
    );
}

void RegistryWriter::write_unit(const model::Unit& unit, const model::Unit* stored) {
    if (stored == nullptr) {
        connection_.prepare("INSERT INTO units (seq, id, name, parent, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(next_seq(connection_, "units"))
            .bind(unit.id.str())
            .bind(unit.name)
            .bind(unit.parent.str())
            .bind(import_.at)
            .run();
        relink_unit(connection_, unit.id.str());
        write_contacts(connection_, unit);
        note({"units", unit.id.str(), unit.name}, "added", "", "");
        ++summary_.units_added;
        return;
    }
    Changes changes;
    if (unit.name != stored->name) {
        changes.push_back({"name", stored->name, unit.name});
    }
    if (unit.parent != stored->parent) {
        changes.push_back({"parent", stored->parent.str(), unit.parent.str()});
    }
    if (unit.contacts != stored->contacts) {
        changes.push_back({"contacts", contacts_text(stored->contacts), contacts_text(unit.contacts)});
        write_contacts(connection_, unit);
    }
    if (changes.empty()) {
        return;
    }
    connection_.prepare("UPDATE units SET name = ?, parent = ? WHERE id = ?")
        .bind(unit.name)
        .bind(unit.parent.str())
        .bind(unit.id.str())
        .run();
    if (unit.parent != stored->parent) {
        relink_unit(connection_, unit.id.str());
    }
    note({"units", unit.id.str(), unit.name}, changes);
    ++summary_.units_changed;
}

void RegistryWriter::write_system(const model::System& system, const StoredSystem* stored) {
    Changes changes;
    if (stored != nullptr) {
        const auto& old = stored->system;
        const std::array<FieldDifference, 5> fields = {
            {{"unit", old.unit.str(), system.unit.str()},
             {"name", old.name, system.name},
             {"protection_level", level_text(old), level_text(system)},
             {"critical", old.critical ? "yes" : "no", system.critical ? "yes" : "no"},
             {"state", stored->is_active ? "active" : "withdrawn", "active"}}};
        std::copy_if(
            fields.begin(),
            fields.end(),
            std::back_inserter(changes),
            [](const FieldDifference& field) { return field.from != field.to; }
        );
        if (changes.empty()) {
            return;
        }
    }
    auto upsert = connection_.prepare(
        "INSERT INTO systems (seq, id, unit, name, protection_level, critical, state) VALUES (?, ?, ?, ?, ?, "
        "?, 'active') "
        "ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, name = excluded.name, "
        "protection_level = excluded.protection_level, critical = excluded.critical, state = excluded.state"
    );
    upsert.bind(next_seq(connection_, "systems"))
        .bind(system.id.str())
        .bind(system.unit.str())
        .bind(system.name);
    system.protection_level ? upsert.bind(*system.protection_level) : upsert.bind_null();
    upsert.bind(system.critical ? 1 : 0).run();
    if (stored == nullptr) {
        note({"systems", system.id.str(), system.name}, "added", "", "active");
        ++summary_.systems_added;
    } else {
        note({"systems", system.id.str(), system.name}, changes);
        ++summary_.systems_changed;
    }
}

void RegistryWriter::write_asset(const model::Asset& asset, const StoredAsset* stored) {
    if (stored == nullptr) {
        insert_asset(asset);
    } else {
        update_asset(asset, *stored);
    }
}

void RegistryWriter::insert_asset(const model::Asset& asset) {
    auto insert = connection_.prepare("INSERT INTO assets (seq, id, unit, system, value, kind, probe_class, "
                                      "custom, state, created_at, authorised_from, "
                                      "authorised_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?)");
    insert.bind(next_asset_++)
        .bind(asset.id.str())
        .bind(asset.unit.str())
        .bind(asset.system.str())
        .bind(asset.value)
        .bind(model::to_string(asset.target.kind))
        .bind(model::to_string(asset.probe_class))
        .bind(custom_text(asset.custom))
        .bind(import_.at);
    bind_date(insert, asset.authorised_from);
    bind_date(insert, asset.authorised_until).run();
    note({"assets", asset.id.str(), asset.value}, "added", "", "active");
    ++summary_.assets_added;
}

void RegistryWriter::update_asset(const model::Asset& asset, const StoredAsset& stored) {
    const auto& old = stored.asset;
    const std::array<FieldDifference, 7> fields = {
        {{"unit", old.unit.str(), asset.unit.str()},
         {"system", old.system.str(), asset.system.str()},
         {"value", old.value, asset.value},
         {"authorised_from", date_text(old.authorised_from), date_text(asset.authorised_from)},
         {"authorised_until", date_text(old.authorised_until), date_text(asset.authorised_until)},
         {"probe_class", std::string(to_string(old.probe_class)), std::string(to_string(asset.probe_class))},
         {"custom", custom_text(old.custom), custom_text(asset.custom)}}};
    Changes changes;
    std::copy_if(fields.begin(), fields.end(), std::back_inserter(changes), [](const FieldDifference& field) {
        return field.from != field.to;
    });
    if (changes.empty() && stored.is_active) {
        return;
    }
    auto update = connection_.prepare(
        "UPDATE assets SET unit = ?, system = ?, value = ?, probe_class = ?, custom = ?, "
        "authorised_from = ?, authorised_until = ?, state = 'active', withdrawn_at = NULL "
        "WHERE id = ?"
    );
    update.bind(asset.unit.str())
        .bind(asset.system.str())
        .bind(asset.value)
        .bind(model::to_string(asset.probe_class))
        .bind(custom_text(asset.custom));
    bind_date(update, asset.authorised_from);
    bind_date(update, asset.authorised_until).bind(asset.id.str()).run();
    connection_.prepare("UPDATE findings SET unit = ?, system = ?, target = ? WHERE asset = ?")
        .bind(asset.unit.str())
        .bind(asset.system.str())
        .bind(asset.value)
        .bind(asset.id.str())
        .run();
    note({"assets", asset.id.str(), asset.value}, changes);
    if (!stored.is_active) {
        note({"assets", asset.id.str(), asset.value}, "restored", "withdrawn", "active");
        ++summary_.assets_restored;
    } else {
        ++summary_.assets_changed;
    }
}

void RegistryWriter::withdraw_asset(const model::Asset& asset) {
    connection_.prepare("UPDATE assets SET state = 'withdrawn', withdrawn_at = ? WHERE id = ?")
        .bind(import_.at)
        .bind(asset.id.str())
        .run();
    note({"assets", asset.id.str(), asset.value}, "withdrawn", "active", "withdrawn");
    // Nobody looks there any more, so whether the condition still holds is not known.
    auto rows = connection_.prepare("SELECT id FROM findings WHERE asset = ? AND presence = 'present'");
    rows.bind(asset.id.str());
    while (rows.step()) {
        history_.add({"findings", rows.text(0), import_.at, by_, "asset_withdrawn", "present", "unknown", ""}
        );
        ++summary_.findings_unknown;
    }
    connection_
        .prepare(
            "UPDATE findings SET presence = 'unknown', rev = rev + 1 WHERE asset = ? AND presence = 'present'"
        )
        .bind(asset.id.str())
        .run();
    ++summary_.assets_withdrawn;
}

void RegistryWriter::withdraw_system(const model::System& system) {
    connection_.prepare("UPDATE systems SET state = 'withdrawn' WHERE id = ?").bind(system.id.str()).run();
    note({"systems", system.id.str(), system.name}, "withdrawn", "active", "withdrawn");
    ++summary_.systems_withdrawn;
}

void RegistryWriter::withdraw_missing(
    const std::vector<StoredSystem>& systems, const std::vector<StoredAsset>& assets
) {
    std::unordered_set<std::string> listed;
    for (const auto& asset : import_.data.assets) {
        listed.insert(asset.id.str());
    }
    for (const auto& stored : assets) {
        const auto& asset = stored.asset;
        if (stored.is_active && listed_units_.contains(asset.unit.str())
            && !listed.contains(asset.id.str())) {
            withdraw_asset(asset);
        }
    }
    listed.clear();
    for (const auto& system : import_.data.systems) {
        listed.insert(system.id.str());
    }
    for (const auto& stored : systems) {
        const auto& system = stored.system;
        if (stored.is_active && listed_units_.contains(system.unit.str())
            && !listed.contains(system.id.str())) {
            withdraw_system(system);
        }
    }
}

} // namespace fengsui::store::sqlite
