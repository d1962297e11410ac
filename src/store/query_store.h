// The read side, for the API and the command line: records as the JSON objects that the API gives. Blocking.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "store/visible_units.h"

#include <optional>

namespace fengsui::store {

class Database;

struct ListRequest {
    /// Field and value; fields that a collection does not have are an error. Same field twice: both must
    /// hold.
    std::vector<std::pair<std::string, std::string>> equals;
    VisibleUnits visible;
    std::size_t limit = 100; ///< 1 to 1000
    std::string cursor;      ///< `next_cursor` of the page before; empty: the first page
};

struct Page {
    std::vector<base::Json> items;
    std::string next_cursor; ///< empty: that was all
};

class QueryStore {
public:
    explicit QueryStore(Database& database) : database_(database) {}

    /// A page in the order of creation, so that a walk meets every item exactly once. Collections: units,
    /// systems, assets, runs, findings, users, audit. Throws invalid_argument for a bad filter or cursor.
    [[nodiscard]] Page list(std::string_view collection, const ListRequest& request);
    /// The whole record, or nothing when it does not exist or is not visible.
    [[nodiscard]] std::optional<base::Json> get(
        std::string_view collection, std::string_view id, const VisibleUnits& visible = {}
    );
    /// Its events, oldest first: {at, by, event, from, to, reason}.
    [[nodiscard]] std::vector<base::Json> history(std::string_view collection, std::string_view id);
    /// The unit itself and all below it.
    [[nodiscard]] std::vector<model::UnitId> subtree(const model::UnitId& unit);
    /// The subtrees of these; remembered until the registry changes.
    [[nodiscard]] VisibleUnits scope_of(std::vector<model::UnitId> tops);
    /// The newest state of each check on an asset.
    [[nodiscard]] std::vector<base::Json> coverage_of(const model::AssetId& asset);
    /// {findings_by_severity, by_unit, daily, coverage, worst}: present findings; `daily` is what was
    /// present at the end of each of the last 30 days at UTC+`offset`.
    [[nodiscard]] base::Json overview(
        base::Instant now, std::chrono::minutes offset, const VisibleUnits& visible = {}
    );

private:
    Database& database_;
};

} // namespace fengsui::store
