// Single changes of the registry, beside whole imports: each with its history, its audit entry and a new
// generation, so that a running patrol sees it before its next connect. Blocking.
#pragma once

#include "base/json.h"
#include "model/registry.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::store {

class Database;

struct UnitEntry {
    model::Unit unit;
    std::string kind = "unit"; ///< authority, unit, supplier, expert_team
    base::Json ext;            ///< what has no column: tier, industry, regulator, office, overseas, language
};

struct SystemEntry {
    model::System system;
    base::Json ext; ///< protection_dept, maintainer
};

/// One member that changed, as texts for the history.
struct FieldChange {
    std::string field;
    std::string from;
    std::string to;
};

struct Editing {
    std::string by;
    base::Instant at{};
};

/// Another asset that denotes the same, or a block that the new one overlaps.
struct AssetClash {
    model::AssetId id;
    model::UnitId unit;
    std::string value;
    bool is_same = true; ///< else an overlapping block of another unit
};

class RegistryEditor {
public:
    explicit RegistryEditor(Database& database) : database_(database) {}

    /// Throws conflict when the id is taken.
    void add(const UnitEntry& entry, const Editing& editing);
    void add(const SystemEntry& entry, const Editing& editing);
    /// A withdrawn asset of that id is taken up again.
    void add(const model::Asset& asset, const Editing& editing);

    /// Writes the entry anew; does nothing when nothing has changed.
    void change(const UnitEntry& entry, const std::vector<FieldChange>& changes, const Editing& editing);
    /// Its assets and findings go with a system that goes to another unit.
    void change(const SystemEntry& entry, const std::vector<FieldChange>& changes, const Editing& editing);
    void change(const model::Asset& asset, const std::vector<FieldChange>& changes, const Editing& editing);

    /// What an import would refuse beside it.
    [[nodiscard]] std::optional<AssetClash> clash_of(const model::Asset& asset);

private:
    struct Edit;
    Database& database_;
};

} // namespace fengsui::store
