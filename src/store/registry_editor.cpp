#include "store/registry_editor.h"

#include "base/text.h"
#include "store/audit_store.h"
#include "store/database.h"
#include "store/sqlite/history.h"
#include "store/sqlite/meta.h"
#include "store/sqlite/registry_rows.h"
#include "store/sqlite/unit_below.h"

#include <fmt/format.h>

namespace fengsui::store {

namespace {

using base::Json;
using sqlite::Connection;
using sqlite::Reading;
using sqlite::Statement;
using sqlite::Transaction;

[[noreturn]] void fail_taken(std::string_view collection, const std::string& id) {
    throw base::Error(
        base::ErrorCode::conflict, fmt::format("{}: the id \"{}\" is taken; choose another", collection, id)
    );
}

bool exists(Connection& connection, std::string_view table, const std::string& id) {
    auto row = connection.prepare(fmt::format("SELECT 1 FROM {} WHERE id = ?", table));
    row.bind(id);
    return row.step();
}

Statement& bind_level(Statement& statement, const model::System& system) {
    return system.protection_level ? statement.bind(std::int64_t{*system.protection_level})
                                   : statement.bind_null();
}

std::string ext_text(const Json& ext) {
    return base::to_text(ext.is_object() ? ext : Json::object());
}

bool is_block(const model::AssetTarget& target) {
    return target.kind == model::AssetKind::address || target.kind == model::AssetKind::prefix;
}

} // namespace

/// One change under way: a transaction with what every change leaves behind.
struct RegistryEditor::Edit {
    Edit(Database& its, std::string_view what, const Editing& who)
        : database(its),
          connection(its.connection()),
          transaction(connection),
          collection(what),
          editing(who),
          history(connection) {}

    void note(
        const std::string& id,
        std::string_view event,
        std::string_view from,
        std::string_view to,
        std::string_view reason = {}
    ) {
        history.add({collection, id, editing.at, editing.by, event, from, to, reason});
    }
    void note(const std::string& id, const std::vector<FieldChange>& changes) {
        for (const auto& change : changes) {
            note(id, "changed", change.from, change.to, change.field);
        }
    }
    void finish(const std::string& id, std::string_view event, Json details) {
        sqlite::bump_generation(connection);
        AuditStore(database).append(
            {editing.at, editing.by, std::string(event), std::string(collection), id, std::move(details)}
        );
        transaction.commit();
    }
    void finish(const std::string& id, std::string_view event, const std::vector<FieldChange>& changes) {
        Json fields = Json::array();
        for (const auto& change : changes) {
            fields.push(change.field);
        }
        finish(id, event, Json::object({{"fields", std::move(fields)}}));
    }

    Database& database;
    Connection& connection;
    Transaction transaction;
    std::string_view collection;
    const Editing& editing;
    sqlite::HistoryWriter history;
};

void RegistryEditor::add(const UnitEntry& entry, const Editing& editing) {
    Edit edit(database_, "units", editing);
    const auto& id = entry.unit.id.str();
    if (exists(edit.connection, "units", id)) {
        fail_taken("units", id);
    }
    edit.connection
        .prepare("INSERT INTO units (seq, id, name, parent, created_at, kind, ext, created_by) VALUES (?, ?, "
                 "?, ?, ?, ?, ?, ?)")
        .bind(sqlite::next_seq(edit.connection, "units"))
        .bind(id)
        .bind(entry.unit.name)
        .bind(entry.unit.parent.str())
        .bind(editing.at)
        .bind(entry.kind)
        .bind(ext_text(entry.ext))
        .bind(editing.by)
        .run();
    sqlite::relink_unit(edit.connection, id);
    write_contacts(edit.connection, entry.unit);
    edit.note(id, "added", "", "active");
    edit.finish(
        id, "unit_created", Json::object({{"name", entry.unit.name}, {"parent", entry.unit.parent.str()}})
    );
}

void RegistryEditor::change(
    const UnitEntry& entry, const std::vector<FieldChange>& changes, const Editing& editing
) {
    if (changes.empty()) {
        return;
    }
    Edit edit(database_, "units", editing);
    const auto& id = entry.unit.id.str();
    edit.connection.prepare("UPDATE units SET name = ?, parent = ?, kind = ?, ext = ? WHERE id = ?")
        .bind(entry.unit.name)
        .bind(entry.unit.parent.str())
        .bind(entry.kind)
        .bind(ext_text(entry.ext))
        .bind(id)
        .run();
    sqlite::relink_unit(edit.connection, id);
    write_contacts(edit.connection, entry.unit);
    edit.note(id, changes);
    edit.finish(id, "unit_changed", changes);
}

void RegistryEditor::add(const SystemEntry& entry, const Editing& editing) {
    Edit edit(database_, "systems", editing);
    const auto& system = entry.system;
    if (exists(edit.connection, "systems", system.id.str())) {
        fail_taken("systems", system.id.str());
    }
    auto insert = edit.connection.prepare(
        "INSERT INTO systems (seq, id, unit, name, critical, state, ext, created_by, protection_level) "
        "VALUES (?, ?, ?, ?, ?, 'active', ?, ?, ?)"
    );
    insert.bind(sqlite::next_seq(edit.connection, "systems"))
        .bind(system.id.str())
        .bind(system.unit.str())
        .bind(system.name)
        .bind(std::int64_t{system.critical})
        .bind(ext_text(entry.ext))
        .bind(editing.by);
    bind_level(insert, system).run();
    edit.note(system.id.str(), "added", "", "active");
    edit.finish(
        system.id.str(), "system_created", Json::object({{"name", system.name}, {"unit", system.unit.str()}})
    );
}

void RegistryEditor::change(
    const SystemEntry& entry, const std::vector<FieldChange>& changes, const Editing& editing
) {
    if (changes.empty()) {
        return;
    }
    Edit edit(database_, "systems", editing);
    const auto& system = entry.system;
    const auto& id = system.id.str();
    auto update = edit.connection.prepare(
        "UPDATE systems SET unit = ?, name = ?, critical = ?, ext = ?, protection_level = ? WHERE id = ?"
    );
    update.bind(system.unit.str())
        .bind(system.name)
        .bind(std::int64_t{system.critical})
        .bind(ext_text(entry.ext));
    bind_level(update, system).bind(id).run();
    for (const std::string_view table : {"assets", "findings"}) {
        edit.connection.prepare(fmt::format("UPDATE {} SET unit = ? WHERE system = ? AND unit <> ?", table))
            .bind(system.unit.str())
            .bind(id)
            .bind(system.unit.str())
            .run();
    }
    edit.note(id, changes);
    edit.finish(id, "system_changed", changes);
}

void RegistryEditor::add(const model::Asset& asset, const Editing& editing) {
    Edit edit(database_, "assets", editing);
    const auto& id = asset.id.str();
    auto known = edit.connection.prepare("SELECT state FROM assets WHERE id = ?");
    known.bind(id);
    const bool is_known = known.step();
    if (is_known && known.text(0) == "active") {
        fail_taken("assets", id);
    }
    if (is_known) {
        edit.connection.prepare("UPDATE assets SET state = 'active', withdrawn_at = NULL WHERE id = ?")
            .bind(id)
            .run();
        edit.note(id, "restored", "withdrawn", "active");
    } else {
        edit.connection
            .prepare("INSERT INTO assets (seq, id, unit, system, value, kind, probe_class, custom, state, "
                     "created_at, created_by) VALUES (?, ?, ?, '', '', '', '', '{}', 'active', ?, ?)")
            .bind(sqlite::next_seq(edit.connection, "assets"))
            .bind(id)
            .bind(asset.unit.str())
            .bind(editing.at)
            .bind(editing.by)
            .run();
        edit.note(id, "added", "", "active");
    }
    auto fill = edit.connection.prepare(
        "UPDATE assets SET unit = ?, system = ?, value = ?, kind = ?, probe_class = ?, authorised_from = ?, "
        "authorised_until = ? WHERE id = ?"
    );
    fill.bind(asset.unit.str())
        .bind(asset.system.str())
        .bind(asset.value)
        .bind(model::to_string(asset.target.kind))
        .bind(model::to_string(asset.probe_class));
    bind_date(fill, asset.authorised_from);
    bind_date(fill, asset.authorised_until).bind(id).run();
    edit.finish(id, "asset_created", Json::object({{"value", asset.value}, {"unit", asset.unit.str()}}));
}

void RegistryEditor::change(
    const model::Asset& asset, const std::vector<FieldChange>& changes, const Editing& editing
) {
    if (changes.empty()) {
        return;
    }
    Edit edit(database_, "assets", editing);
    const auto& id = asset.id.str();
    auto update = edit.connection.prepare("UPDATE assets SET unit = ?, system = ?, probe_class = ?, "
                                          "authorised_from = ?, authorised_until = ? WHERE id = ?");
    update.bind(asset.unit.str()).bind(asset.system.str()).bind(model::to_string(asset.probe_class));
    bind_date(update, asset.authorised_from);
    bind_date(update, asset.authorised_until).bind(id).run();
    edit.connection.prepare("UPDATE findings SET unit = ?, system = ? WHERE asset = ?")
        .bind(asset.unit.str())
        .bind(asset.system.str())
        .bind(id)
        .run();
    edit.note(id, changes);
    edit.finish(id, "asset_changed", changes);
}

std::optional<AssetClash> RegistryEditor::clash_of(const model::Asset& asset) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto same = connection.prepare("SELECT id, unit, value FROM assets WHERE state = 'active' AND (id = ? OR "
                                   "(kind = ? AND (value = ? OR value = ?)))");
    same.bind(model::asset_id_of(asset.target).str())
        .bind(model::to_string(asset.target.kind))
        .bind(asset.value)
        .bind(asset.target.canonical());
    if (same.step()) {
        return AssetClash{model::AssetId(same.text(0)), model::UnitId(same.text(1)), same.text(2), true};
    }
    if (!is_block(asset.target)) {
        return std::nullopt;
    }
    auto blocks =
        connection.prepare("SELECT id, unit, value FROM assets WHERE state = 'active' AND unit <> ? "
                           "AND kind IN ('address', 'prefix')");
    blocks.bind(asset.unit.str());
    while (blocks.step()) {
        const auto other = model::AssetTarget::parse(blocks.text(2));
        if (other && other->prefix
            && (other->prefix->contains(*asset.target.prefix) || asset.target.prefix->contains(*other->prefix)
            )) {
            return AssetClash{
                model::AssetId(blocks.text(0)), model::UnitId(blocks.text(1)), blocks.text(2), false};
        }
    }
    return std::nullopt;
}

} // namespace fengsui::store
