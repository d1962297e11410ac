// What scorecards count: one row for a notice, kept up to date by the engine. Blocking.
#pragma once

#include "base/time.h"
#include "model/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::store {

class Database;

struct NoticeScore {
    std::string notice;
    model::UnitId unit;
    std::string severity; ///< the worst of its items
    base::Instant issued_at{};
    std::optional<base::Instant> ack_due;
    std::optional<base::Instant> ack_at;
    std::optional<base::Instant> fix_due;
    std::optional<base::Instant> fix_at;  ///< when the accepted reply was submitted
    std::optional<std::int64_t> fix_days; ///< working days from issue to that
    std::optional<bool> first_pass;       ///< the first re-check with a result
};

struct RecurrenceCount {
    std::int64_t closed = 0;   ///< findings once proven fixed
    std::int64_t reopened = 0; ///< of these, seen again
};

class ScoreStore {
public:
    explicit ScoreStore(Database& database) : database_(database) {}

    /// Writes the row, or replaces it.
    void put(const NoticeScore& score);
    [[nodiscard]] std::optional<NoticeScore> find(std::string_view notice);
    void remove(std::string_view notice);
    /// Those of the unit's subtree issued in [from, until), in the order of issue.
    [[nodiscard]] std::vector<NoticeScore> below(
        const model::UnitId& unit, std::optional<base::Instant> from, std::optional<base::Instant> until
    );
    [[nodiscard]] RecurrenceCount recurrence_below(
        const model::UnitId& unit, std::optional<base::Instant> from, std::optional<base::Instant> until
    );
    /// Pending obligations of the subtree whose time is over.
    [[nodiscard]] std::int64_t overdue_below(const model::UnitId& unit, base::Instant now);

private:
    Database& database_;
};

} // namespace fengsui::store
