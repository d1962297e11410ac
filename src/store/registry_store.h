// The registry as stored: units, systems, assets with their history. Blocking.
#pragma once

#include "base/json.h"
#include "model/registry.h"

#include <string>

namespace fengsui::store {

class Database;

struct LoadedRegistry {
    model::RegistryData data; ///< active assets only
    std::uint64_t generation = 0;
};

struct RegistryImport {
    model::RegistryData data;
    std::string source; ///< file name, for the audit
    base::Instant at{};
};

/// What an import changed (or, for a preview, would change).
struct ImportSummary {
    std::size_t units_added = 0;
    std::size_t units_changed = 0;
    std::size_t systems_added = 0;
    std::size_t systems_changed = 0;
    std::size_t systems_withdrawn = 0;
    std::size_t assets_added = 0;
    std::size_t assets_changed = 0;
    std::size_t assets_withdrawn = 0;
    std::size_t assets_restored = 0;  ///< withdrawn before, listed again
    std::size_t findings_unknown = 0; ///< on withdrawn assets: nobody looks there any more
    std::uint64_t generation = 0;
    [[nodiscard]] base::Json to_json() const;
};

/// One member of a record before and after, as texts.
struct FieldDifference {
    std::string_view field;
    std::string from;
    std::string to;
};

/// What an import would do to one record.
struct ImportDifference {
    std::string_view collection;
    std::string id;
    std::string name;       ///< of a unit or system; the text of an asset
    std::string_view event; ///< added, changed, withdrawn, restored
    std::vector<FieldDifference> fields;
    [[nodiscard]] base::Json to_json() const;
};

struct ImportPreview {
    ImportSummary summary;
    std::vector<ImportDifference> differences; ///< in the order of the file, the withdrawn last
};

class RegistryStore {
public:
    explicit RegistryStore(Database& database) : database_(database) {}

    [[nodiscard]] LoadedRegistry load();

    /// Takes over the units that `import` lists, in one transaction: assets of theirs that it does not list
    /// are withdrawn, changes are kept as history, the generation goes up. Other units stay untouched.
    ImportSummary replace(const RegistryImport& import, std::string_view by);
    /// What `replace` would change; changes nothing. Not inside a transaction, which would keep it.
    [[nodiscard]] ImportPreview preview(const RegistryImport& import);

    /// Goes up with every import, also by another process. Microseconds: asked before every connect.
    [[nodiscard]] std::uint64_t generation();

private:
    Database& database_;
};

} // namespace fengsui::store
