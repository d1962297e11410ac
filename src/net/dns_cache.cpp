#include "net/dns_cache.h"

#include "net/dns_wire.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::net {

namespace {

constexpr std::size_t kMaxEntries = 10000;
constexpr std::uint32_t kMaxKept = 60; // seconds: looks within one run agree, the next run asks anew

} // namespace

std::string DnsKey::str() const {
    return fmt::format(
        "{} {} {}", static_cast<unsigned>(question.type), static_cast<unsigned>(wish), question.name
    );
}

std::chrono::seconds dns_time_to_live(const DnsAnswer& answer) {
    const bool is_nxdomain = answer.outcome == model::not_reached(model::Reason::dns_nxdomain);
    std::uint32_t ttl = kMaxKept;
    if (!answer.outcome.is_completed() && !is_nxdomain) {
        return std::chrono::seconds(0);
    }
    for (const auto& record : answer.message.answers) {
        ttl = std::min(ttl, record.ttl);
    }
    if (is_nxdomain || answer.message.answers.empty()) {
        std::uint32_t negative = 0;
        for (const auto& record : answer.message.authorities) {
            if (record.type == DnsType::soa && record.data.size() >= 20) {
                negative = std::min(record.ttl, wire_u32(record.data, record.data.size() - 4));
            }
        }
        ttl = std::min(ttl, negative);
    }
    return std::chrono::seconds(ttl);
}

DnsCache::Lead::Lead(DnsCache& cache, const DnsKey& key)
    : cache_(cache), key_(key.str()), flight_(std::make_shared<Flight>()) {
    cache_.flights_[key_] = flight_;
}

DnsCache::Lead::~Lead() {
    cache_.flights_.erase(key_);
    for (auto* follower : flight_->followers) {
        follower->wake();
    }
}

void DnsCache::Lead::finish(const DnsAnswer& answer) {
    flight_->answer = answer;
    cache_.keep(key_, answer);
}

DnsCache::Following::Following(Flight& flight, DnsWaiter& waiter) : flight_(flight), waiter_(waiter) {
    flight_.followers.push_back(&waiter_);
}

DnsCache::Following::~Following() {
    std::erase(flight_.followers, &waiter_);
}

const DnsAnswer* DnsCache::find(const DnsKey& key) {
    const auto entry = entries_.find(key.str());
    const bool is_fresh = entry != entries_.end() && Deadline::Clock::now() < entry->second.expires_at;
    return is_fresh ? &entry->second.answer : nullptr;
}

std::shared_ptr<DnsCache::Flight> DnsCache::join(const DnsKey& key) {
    const auto flight = flights_.find(key.str());
    return flight == flights_.end() ? nullptr : flight->second;
}

void DnsCache::keep(const std::string& key, const DnsAnswer& answer) {
    const auto ttl = dns_time_to_live(answer);
    if (ttl.count() > 0) {
        make_room();
        entries_.insert_or_assign(key, Entry{answer, Deadline::Clock::now() + ttl});
    }
}

void DnsCache::make_room() {
    if (entries_.size() < kMaxEntries) {
        return;
    }
    const auto now = Deadline::Clock::now();
    std::erase_if(entries_, [now](const auto& entry) { return entry.second.expires_at <= now; });
    if (entries_.size() >= kMaxEntries) {
        entries_.clear(); // asking again costs little; a perfect choice would cost more
    }
}

} // namespace fengsui::net
