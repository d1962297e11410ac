#include "store/timer_store.h"

#include "store/database.h"
#include "store/sqlite/meta.h"

namespace fengsui::store {

using sqlite::Reading;
using sqlite::Transaction;

void TimerStore::add(const Timer& timer) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection
        .prepare("INSERT INTO timers (seq, at, kind, collection, subject, data) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(sqlite::next_seq(connection, "timers"))
        .bind(timer.at)
        .bind(timer.kind)
        .bind(timer.collection)
        .bind(timer.subject)
        .bind(base::to_text(timer.data))
        .run();
    transaction.commit();
}

std::optional<Timer> TimerStore::first_due(base::Instant until) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(
        "SELECT seq, at, kind, collection, subject, data FROM timers WHERE at <= ? ORDER BY at, seq LIMIT 1"
    );
    row.bind(until);
    if (!row.step()) {
        return std::nullopt;
    }
    return Timer{
        row.integer(0),
        row.instant(1),
        row.text(2),
        row.text(3),
        row.text(4),
        base::parse_json(row.text(5)).or_throw()};
}

std::optional<base::Instant> TimerStore::next_at() {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare("SELECT MIN(at) FROM timers");
    return row.step() ? row.maybe_instant(0) : std::nullopt;
}

void TimerStore::remove(std::int64_t seq) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection.prepare("DELETE FROM timers WHERE seq = ?").bind(seq).run();
    transaction.commit();
}

void TimerStore::remove_all(std::string_view collection, std::string_view subject) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection.prepare("DELETE FROM timers WHERE collection = ? AND subject = ?")
        .bind(collection)
        .bind(subject)
        .run();
    transaction.commit();
}

} // namespace fengsui::store
