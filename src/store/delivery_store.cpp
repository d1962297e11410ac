#include "store/delivery_store.h"

#include "store/database.h"
#include "store/sqlite/meta.h"

#include <fmt/format.h>

namespace fengsui::store {

namespace {

using sqlite::Reading;
using sqlite::Transaction;

constexpr std::string_view kDeliverySelect =
    "SELECT id, outbox, channel, receiver, payload, state, tries, next_at, detail FROM deliveries";

std::vector<StoredDelivery> read_all(sqlite::Statement& rows) {
    std::vector<StoredDelivery> deliveries;
    while (rows.step()) {
        deliveries.push_back(
            {rows.text(0),
             rows.text(1),
             rows.text(2),
             rows.text(3),
             base::parse_json(rows.text(4)).or_throw(),
             rows.text(5),
             rows.integer(6),
             rows.instant(7),
             rows.text(8)}
        );
    }
    return deliveries;
}

} // namespace

void DeliveryStore::add(const StoredDelivery& delivery) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection
        .prepare("INSERT INTO deliveries (seq, id, outbox, channel, receiver, payload, state, tries, "
                 "next_at, detail) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(sqlite::next_seq(connection, "deliveries"))
        .bind(delivery.id)
        .bind(delivery.outbox)
        .bind(delivery.channel)
        .bind(delivery.receiver)
        .bind(base::to_text(delivery.payload))
        .bind(delivery.state)
        .bind(delivery.tries)
        .bind(delivery.next_at)
        .bind(delivery.detail)
        .run();
    transaction.commit();
}

std::vector<StoredDelivery> DeliveryStore::due(base::Instant now, std::size_t limit) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(fmt::format(
        "{} WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, seq LIMIT ?", kDeliverySelect
    ));
    rows.bind(now).bind(static_cast<std::int64_t>(limit));
    return read_all(rows);
}

void DeliveryStore::settle(
    std::string_view id, std::string_view state, std::string_view detail, base::Instant next_at
) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection
        .prepare("UPDATE deliveries SET state = ?, detail = ?, next_at = ?, tries = tries + 1 WHERE id = ? "
                 "AND state = "
                 "'waiting'")
        .bind(state)
        .bind(detail)
        .bind(next_at)
        .bind(id)
        .run();
    transaction.commit();
}

std::vector<StoredDelivery> DeliveryStore::dead(std::size_t limit) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows =
        connection.prepare(fmt::format("{} WHERE state = 'dead' ORDER BY seq LIMIT ?", kDeliverySelect));
    rows.bind(static_cast<std::int64_t>(limit));
    return read_all(rows);
}

std::vector<StoredDelivery> DeliveryStore::of(std::string_view outbox) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(fmt::format("{} WHERE outbox = ? ORDER BY seq", kDeliverySelect));
    rows.bind(outbox);
    return read_all(rows);
}

} // namespace fengsui::store
