// Answers kept for a while, and questions under way that others may wait for. Private to net.
#pragma once

#include "net/dns_pool.h"
#include "net/resolver.h"

#include <memory>
#include <string>
#include <unordered_map>

namespace fengsui::net {

struct DnsKey {
    DnsQuestion question;
    DnsWish wish = DnsWish::plain;
    [[nodiscard]] std::string str() const;
};

class DnsCache {
public:
    /// A question under way. The leader asks; followers wait.
    struct Flight {
        std::optional<DnsAnswer> answer;
        std::vector<DnsWaiter*> followers;
    };

    /// Makes the caller the question's leader; its end, good or bad, wakes the followers.
    class Lead {
    public:
        Lead(DnsCache& cache, const DnsKey& key);
        ~Lead();
        Lead(const Lead&) = delete;
        Lead& operator=(const Lead&) = delete;
        void finish(const DnsAnswer& answer);

    private:
        DnsCache& cache_;
        std::string key_;
        std::shared_ptr<Flight> flight_; ///< shared with the followers
    };

    /// A follower's place while it waits.
    class Following {
    public:
        Following(Flight& flight, DnsWaiter& waiter);
        ~Following();
        Following(const Following&) = delete;
        Following& operator=(const Following&) = delete;

    private:
        Flight& flight_;
        DnsWaiter& waiter_;
    };

    /// A fresh answer, or null. Valid until the next call.
    const DnsAnswer* find(const DnsKey& key);
    /// The flight to wait for, or null when nobody asks yet.
    std::shared_ptr<Flight> join(const DnsKey& key);
    void keep(const std::string& key, const DnsAnswer& answer);

private:
    struct Entry {
        DnsAnswer answer;
        Deadline::Clock::time_point expires_at;
    };
    void make_room();

    std::unordered_map<std::string, Entry> entries_;
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

/// How long an answer may be kept: the shortest TTL, for negative ones the SOA's (RFC 2308 section 5).
std::chrono::seconds dns_time_to_live(const DnsAnswer& answer);

} // namespace fengsui::net
