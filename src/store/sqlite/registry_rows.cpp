#include "store/sqlite/registry_rows.h"

#include "base/json.h"
#include "store/sqlite/meta.h"

namespace fengsui::store::sqlite {

namespace {

constexpr std::string_view kGenerationKey = "registry_generation";

std::optional<base::Date> read_date(const Statement& row, int column) {
    if (row.is_null(column)) {
        return std::nullopt;
    }
    return base::parse_date(row.text(column)).or_throw();
}

model::CustomFields read_custom(const std::string& text) {
    model::CustomFields fields;
    if (text == "{}") {
        return fields;
    }
    const auto json = base::parse_json(text).or_throw();
    for (const auto& [name, value] : json.members()) {
        fields.emplace_back(name, value.as_string());
    }
    return fields;
}

model::AssetKind kind_of(std::string_view text) {
    using model::AssetKind;
    for (const auto kind :
         {AssetKind::url, AssetKind::host, AssetKind::mail, AssetKind::address, AssetKind::prefix}) {
        if (text == model::to_string(kind)) {
            return kind;
        }
    }
    throw base::Error(
        base::ErrorCode::corrupt, "the store holds an asset of an unknown kind; restore it from a backup"
    );
}

void read_contacts(Connection& connection, std::vector<model::Unit>& units) {
    std::unordered_map<std::string, model::Unit*> by_id;
    for (auto& unit : units) {
        by_id.emplace(unit.id.str(), &unit);
    }
    auto rows =
        connection.prepare("SELECT unit, role, name, email, phone FROM contacts ORDER BY unit, position");
    while (rows.step()) {
        by_id.at(rows.text(0))->contacts.push_back({rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
    }
}

} // namespace

std::vector<model::Unit> read_units(Connection& connection) {
    std::vector<model::Unit> units;
    auto rows = connection.prepare("SELECT id, name, parent FROM units ORDER BY seq");
    while (rows.step()) {
        units.push_back({model::UnitId(rows.text(0)), rows.text(1), model::UnitId(rows.text(2)), {}});
    }
    read_contacts(connection, units);
    return units;
}

std::vector<StoredSystem> read_systems(Connection& connection) {
    std::vector<StoredSystem> systems;
    auto rows = connection.prepare(
        "SELECT id, unit, name, protection_level, critical, state FROM systems ORDER BY seq"
    );
    while (rows.step()) {
        StoredSystem stored;
        stored.system.id = model::SystemId(rows.text(0));
        stored.system.unit = model::UnitId(rows.text(1));
        stored.system.name = rows.text(2);
        if (!rows.is_null(3)) {
            stored.system.protection_level = static_cast<int>(rows.integer(3));
        }
        stored.system.critical = rows.integer(4) != 0;
        stored.is_active = rows.text(5) == "active";
        systems.push_back(std::move(stored));
    }
    return systems;
}

std::vector<StoredAsset> read_assets(Connection& connection) {
    std::vector<StoredAsset> assets;
    auto rows = connection.prepare(
        "SELECT id, unit, system, value, authorised_from, authorised_until, probe_class, custom, "
        "state, kind FROM assets ORDER BY seq"
    );
    while (rows.step()) {
        StoredAsset stored;
        auto& asset = stored.asset;
        asset.id = model::AssetId(rows.text(0));
        asset.unit = model::UnitId(rows.text(1));
        asset.system = model::SystemId(rows.text(2));
        asset.value = rows.text(3);
        asset.authorised_from = read_date(rows, 4);
        asset.authorised_until = read_date(rows, 5);
        asset.probe_class =
            rows.text(6) == "careful" ? model::ProbeClass::careful : model::ProbeClass::passive;
        asset.custom = read_custom(rows.text(7));
        stored.is_active = rows.text(8) == "active";
        asset.target.kind = kind_of(rows.text(9));
        assets.push_back(std::move(stored));
    }
    return assets;
}

std::uint64_t read_generation(Connection& connection) {
    return std::stoull(read_meta(connection, kGenerationKey).value_or("0"));
}

std::uint64_t bump_generation(Connection& connection) {
    const auto next = read_generation(connection) + 1;
    write_meta(connection, kGenerationKey, std::to_string(next));
    return next;
}

void write_contacts(Connection& connection, const model::Unit& unit) {
    connection.prepare("DELETE FROM contacts WHERE unit = ?").bind(unit.id.str()).run();
    std::int64_t position = 0;
    for (const auto& contact : unit.contacts) {
        connection
            .prepare(
                "INSERT INTO contacts (unit, position, role, name, email, phone) VALUES (?, ?, ?, ?, ?, ?)"
            )
            .bind(unit.id.str())
            .bind(position++)
            .bind(contact.role)
            .bind(contact.name)
            .bind(contact.email)
            .bind(contact.phone)
            .run();
    }
}

std::string custom_text(const model::CustomFields& fields) {
    auto json = base::Json::object();
    for (const auto& [name, value] : fields) {
        json.set(name, value);
    }
    return base::to_text(json);
}

std::string date_text(const std::optional<base::Date>& date) {
    return date ? base::format_date(*date) : std::string();
}

Statement& bind_date(Statement& statement, const std::optional<base::Date>& date) {
    return date ? statement.bind(base::format_date(*date)) : statement.bind_null();
}

} // namespace fengsui::store::sqlite
