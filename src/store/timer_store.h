// What falls due: one row each, taken out in the transaction that acts on it, so that nothing fires twice.
// Blocking.
#pragma once

#include "base/json.h"
#include "base/time.h"

#include <optional>

namespace fengsui::store {

class Database;

struct Timer {
    std::int64_t seq = 0; ///< filled in by the store
    base::Instant at{};
    std::string kind;       ///< e.g. `obligation.remind`
    std::string collection; ///< of the record it is about
    std::string subject;    ///< its id
    base::Json data;
};

class TimerStore {
public:
    explicit TimerStore(Database& database) : database_(database) {}

    void add(const Timer& timer);
    /// The earliest that is due at `until`, in the order of time, then of making.
    [[nodiscard]] std::optional<Timer> first_due(base::Instant until);
    /// When the next one is due, whenever that is.
    [[nodiscard]] std::optional<base::Instant> next_at();
    void remove(std::int64_t seq);
    /// All timers about that record.
    void remove_all(std::string_view collection, std::string_view subject);

private:
    Database& database_;
};

} // namespace fengsui::store
