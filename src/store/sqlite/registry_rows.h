// The registry's rows as they stand: what an import is compared with, and what load gives. Inside a
// Transaction or Reading.
#pragma once

#include "model/registry.h"
#include "store/sqlite/handle.h"

#include <unordered_map>

namespace fengsui::store::sqlite {

struct StoredAsset {
    model::Asset asset; ///< without its target: parsing a million is only for load
    bool is_active = true;
};

struct StoredSystem {
    model::System system;
    bool is_active = true;
};

std::vector<model::Unit> read_units(Connection& connection);
std::vector<StoredSystem> read_systems(Connection& connection);
std::vector<StoredAsset> read_assets(Connection& connection);

/// Goes up with every change of the registry.
std::uint64_t read_generation(Connection& connection);
std::uint64_t bump_generation(Connection& connection);

/// Puts the unit's contacts in place of those that stand. Inside a Transaction.
void write_contacts(Connection& connection, const model::Unit& unit);

std::string custom_text(const model::CustomFields& fields);
std::string date_text(const std::optional<base::Date>& date);

/// Binds the date as text, or NULL.
Statement& bind_date(Statement& statement, const std::optional<base::Date>& date);

} // namespace fengsui::store::sqlite
