// What the range's name servers say: a pure function of the world as it is at the moment.
#pragma once

#include "net/dns_message.h"
#include "range/world/world.h"

#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace fengsui::range {

enum class ServerKind : std::uint8_t {
    resolver,      ///< validates and follows, as an office's own resolver would
    authoritative, ///< the name servers of the district's zones
    stranger       ///< a name server that knows none of them
};

class Zones {
public:
    /// `world` outlives this; its sites may be mended at any time, not renamed.
    explicit Zones(const World& world);

    /// The answer, or nothing where the name is one that stays silent.
    [[nodiscard]] std::optional<net::DnsMessage> answer(const net::DnsMessage& query, ServerKind kind) const;
    /// The same over bytes; empty: no answer. `limit` 0: none (TCP).
    [[nodiscard]] std::string answer(std::string_view query, ServerKind kind, std::size_t limit) const;

private:
    struct Place; // where a name lies
    struct Look;  // and what stands there
    [[nodiscard]] Place locate(const std::string& name) const;
    [[nodiscard]] Look look(const std::string& name, net::DnsType type) const;
    void transfer(const Site& site, net::DnsMessage& out) const;
    void deny(const Look& seen, bool with_signature, net::DnsMessage& out) const;
    void resolve(const net::DnsQuestion& question, ServerKind kind, bool with_signature, net::DnsMessage& out)
        const;
    [[nodiscard]] std::vector<net::DnsRecord> district_records(
        const District& district, const std::string& name
    ) const;

    const World& world_;
    std::unordered_map<std::string, std::size_t> sites_;     ///< by zone
    std::unordered_map<std::string, std::size_t> districts_; ///< by zone
    std::unordered_set<std::string> between_; ///< names that only hold others: edu.fengqiao.test
};

} // namespace fengsui::range
