// What leaves the house: one row for an outbox entry and a channel, with its tries. Blocking.
#pragma once

#include "base/json.h"
#include "base/time.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::store {

class Database;

struct StoredDelivery {
    std::string id;       ///< stable over tries: receivers may drop doubles by it
    std::string outbox;   ///< the entry that it carries
    std::string channel;  ///< mail or webhook
    std::string receiver; ///< address, or the hook's name
    base::Json payload;
    std::string state = "waiting"; ///< waiting, delivered, dead
    std::int64_t tries = 0;
    base::Instant next_at{};
    std::string detail; ///< what the other side said last
};

class DeliveryStore {
public:
    explicit DeliveryStore(Database& database) : database_(database) {}

    void add(const StoredDelivery& delivery);
    /// Those whose next try is due, oldest first.
    [[nodiscard]] std::vector<StoredDelivery> due(base::Instant now, std::size_t limit);
    /// After a try: `state` delivered or dead, or waiting with the time of the next one.
    void settle(std::string_view id, std::string_view state, std::string_view detail, base::Instant next_at);
    /// The dead letters, oldest first.
    [[nodiscard]] std::vector<StoredDelivery> dead(std::size_t limit);
    [[nodiscard]] std::vector<StoredDelivery> of(std::string_view outbox);

private:
    Database& database_;
};

} // namespace fengsui::store
