// One import against the rows as they stand: what is new, changed, withdrawn. Inside a Transaction.
#pragma once

#include "store/registry_store.h"
#include "store/sqlite/history.h"
#include "store/sqlite/registry_rows.h"

#include <unordered_set>

namespace fengsui::store::sqlite {

class RegistryWriter {
public:
    /// `differences`: where to list what changes; may be null.
    RegistryWriter(
        Connection& connection,
        const RegistryImport& import,
        std::string_view by,
        std::vector<ImportDifference>* differences = nullptr
    );
    /// Writes everything but generation and audit entry.
    ImportSummary write();

private:
    using Changes = std::vector<FieldDifference>;
    /// The record that a note is about.
    struct Subject {
        std::string_view collection;
        std::string_view id;
        std::string_view name;
    };

    void write_unit(const model::Unit& unit, const model::Unit* stored);
    void write_system(const model::System& system, const StoredSystem* stored);
    void write_asset(const model::Asset& asset, const StoredAsset* stored);
    void insert_asset(const model::Asset& asset);
    void update_asset(const model::Asset& asset, const StoredAsset& stored);
    void withdraw_asset(const model::Asset& asset);
    void withdraw_missing(const std::vector<StoredSystem>& systems, const std::vector<StoredAsset>& assets);
    void withdraw_system(const model::System& system);
    void note(const Subject& subject, const Changes& changes);
    void note(const Subject& subject, std::string_view event, std::string_view from, std::string_view to);
    void list_difference(const Subject& subject, std::string_view event, const Changes& fields);

    Connection& connection_;
    const RegistryImport& import_;
    std::string by_;
    HistoryWriter history_;
    std::vector<ImportDifference>* differences_;
    ImportSummary summary_;
    std::unordered_set<std::string> listed_units_;
    std::int64_t next_asset_ = 0;
};

} // namespace fengsui::store::sqlite
