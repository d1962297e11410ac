#include "store/sqlite/history.h"

#include "store/sqlite/meta.h"

namespace fengsui::store::sqlite {

HistoryWriter::HistoryWriter(Connection& connection)
    : insert_(connection.prepare(
        "INSERT INTO history (seq, collection, record, at, \"by\", event, from_state, to_state, "
        "reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )),
      next_(next_seq(connection, "history")) {}

void HistoryWriter::add(const HistoryEvent& event) {
    insert_.bind(next_++)
        .bind(event.collection)
        .bind(event.record)
        .bind(event.at)
        .bind(event.by)
        .bind(event.event)
        .bind(event.from)
        .bind(event.to)
        .bind(event.reason)
        .run();
}

} // namespace fengsui::store::sqlite
