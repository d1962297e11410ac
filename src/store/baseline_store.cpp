#include "store/baseline_store.h"

#include "store/database.h"
#include "store/sqlite/handle.h"

namespace fengsui::store {

std::optional<base::Json> BaselineStore::find(const model::AssetId& asset) {
    auto& connection = database_.connection();
    const sqlite::Reading reading(connection);
    auto row = connection.prepare("SELECT body FROM page_baselines WHERE asset = ?");
    row.bind(asset.str());
    if (!row.step()) {
        return std::nullopt;
    }
    auto body = base::parse_json(row.text(0));
    return body ? std::optional(std::move(*body)) : std::nullopt; // an unreadable one is learned anew
}

void BaselineStore::put(const model::AssetId& asset, const base::Json& body, base::Instant at) {
    auto& connection = database_.connection();
    sqlite::Transaction transaction(connection);
    connection.prepare("INSERT OR REPLACE INTO page_baselines (asset, body, updated_at) VALUES (?, ?, ?)")
        .bind(asset.str())
        .bind(base::to_text(body))
        .bind(at)
        .run();
    transaction.commit();
}

} // namespace fengsui::store
