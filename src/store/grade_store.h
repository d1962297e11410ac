// Grades of assets: what they are made from, and what became of them. Blocking.
#pragma once

#include "base/time.h"
#include "model/standing.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::store {

class Database;

struct StoredGrade {
    model::AssetId asset;
    model::UnitId unit;
    base::Instant at{};
    std::int64_t score = 0;
    std::string grade;
};

class GradeStore {
public:
    explicit GradeStore(Database& database) : database_(database) {}

    /// Every check that looked at the asset or should have, by id.
    [[nodiscard]] std::vector<model::CheckStanding> standings_of(const model::AssetId& asset);
    /// The newest grade; of one day (UTC) only the last is kept. The unit is the registry's.
    void keep(const StoredGrade& grade);
    /// Oldest first, one a day.
    [[nodiscard]] std::vector<StoredGrade> history(const model::AssetId& asset);

    struct Place {
        std::int64_t not_better = 0; ///< how many have this score or a lower one, itself counted
        std::int64_t all = 0;
    };
    /// Among the newest grades of the unit's subtree.
    [[nodiscard]] Place place_of(std::int64_t score, const model::UnitId& top);
    /// The newest grades of the unit's subtree, worst first; at most `limit`.
    [[nodiscard]] std::vector<StoredGrade> newest_below(const model::UnitId& top, std::size_t limit);

private:
    Database& database_;
};

} // namespace fengsui::store
