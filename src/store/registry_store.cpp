#include "store/registry_store.h"

#include "store/audit_store.h"
#include "store/database.h"
#include "store/sqlite/registry_rows.h"
#include "store/sqlite/registry_writer.h"

namespace fengsui::store {

base::Json ImportSummary::to_json() const {
    return base::Json::object({
        {"units_added", units_added},
        {"units_changed", units_changed},
        {"systems_added", systems_added},
        {"systems_changed", systems_changed},
        {"systems_withdrawn", systems_withdrawn},
        {"assets_added", assets_added},
        {"assets_changed", assets_changed},
        {"assets_withdrawn", assets_withdrawn},
        {"assets_restored", assets_restored},
        {"findings_unknown", findings_unknown},
    });
}

base::Json ImportDifference::to_json() const {
    auto json =
        base::Json::object({{"collection", collection}, {"id", id}, {"name", name}, {"event", event}});
    auto list = base::Json::array();
    for (const auto& field : fields) {
        list.push(base::Json::object({{"field", field.field}, {"from", field.from}, {"to", field.to}}));
    }
    json.set("fields", std::move(list));
    return json;
}

LoadedRegistry RegistryStore::load() {
    auto& connection = database_.connection();
    const sqlite::Reading reading(connection);
    LoadedRegistry loaded;
    loaded.generation = sqlite::read_generation(connection);
    loaded.data.units = sqlite::read_units(connection);
    for (auto& stored : sqlite::read_systems(connection)) {
        if (stored.is_active) {
            loaded.data.systems.push_back(std::move(stored.system));
        }
    }
    for (auto& stored : sqlite::read_assets(connection)) {
        if (stored.is_active) {
            stored.asset.target = model::AssetTarget::parse(stored.asset.value).or_throw();
            loaded.data.assets.push_back(std::move(stored.asset));
        }
    }
    return loaded;
}

ImportSummary RegistryStore::replace(const RegistryImport& import, std::string_view by) {
    auto& connection = database_.connection();
    sqlite::Transaction transaction(connection);
    auto summary = sqlite::RegistryWriter(connection, import, by).write();
    summary.generation = sqlite::bump_generation(connection);
    auto details = summary.to_json();
    details.set("source", import.source);
    AuditStore(database_).append(
        {import.at, std::string(by), "registry_imported", "units", "", std::move(details)}
    );
    transaction.commit();
    return summary;
}

ImportPreview RegistryStore::preview(const RegistryImport& import) {
    auto& connection = database_.connection();
    const sqlite::Transaction transaction(connection); // never committed
    ImportPreview preview;
    preview.summary = sqlite::RegistryWriter(connection, import, "preview", &preview.differences).write();
    preview.summary.generation = sqlite::read_generation(connection);
    return preview;
}

std::uint64_t RegistryStore::generation() {
    auto& connection = database_.poll_connection();
    const std::lock_guard lock(connection.mutex());
    return sqlite::read_generation(connection);
}

} // namespace fengsui::store
