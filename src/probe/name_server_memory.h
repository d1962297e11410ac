// What is known of a name server's TCP for a while: districts put many zones on few servers, and each
// connection is one of the few a second that a server is asked for.
#pragma once

#include "model/dns.h"
#include "net/task.h"

#include <map>
#include <optional>

namespace fengsui::probe {

/// I/O thread.
class NameServerMemory {
public:
    /// What another zone's question over TCP came to; nothing: it is the caller's turn to ask.
    [[nodiscard]] std::optional<model::NameServerAnswer> recall(const model::IpAddress& address) {
        const auto [entry, is_new] = entries_.try_emplace(address);
        if (!is_new && net::Deadline::Clock::now() - entry->second.since < kKept) {
            return entry->second.answer;
        }
        entry->second = {};
        return std::nullopt;
    }
    /// Only a good answer is kept: a bad one may be the zone's own.
    void keep(const model::IpAddress& address, const model::NameServerAnswer& answer) {
        if (answer.is_good()) {
            entries_[address].answer = answer;
        } else {
            entries_.erase(address);
        }
    }

private:
    static constexpr std::chrono::minutes kKept{10};
    struct Entry {
        model::NameServerAnswer answer; ///< skipped while somebody is asking
        net::Deadline::Clock::time_point since = net::Deadline::Clock::now();
    };
    std::map<model::IpAddress, Entry> entries_;
};

} // namespace fengsui::probe
