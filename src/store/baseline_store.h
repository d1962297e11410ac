// What visits taught about pages, one row for each asset. Blocking.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "model/ids.h"

#include <optional>

namespace fengsui::store {

class Database;

class BaselineStore {
public:
    explicit BaselineStore(Database& database) : database_(database) {}

    [[nodiscard]] std::optional<base::Json> find(const model::AssetId& asset);
    /// Writes the row, or replaces it.
    void put(const model::AssetId& asset, const base::Json& body, base::Instant at);

private:
    Database& database_;
};

} // namespace fengsui::store
