// A stub resolver that shows what came back: over UDP, over TCP when truncated.
#pragma once

#include "model/dns.h"
#include "net/dns_message.h"
#include "net/task.h"

#include <memory>
#include <optional>

namespace fengsui::net {

class Runtime;

struct ResolverOptions {
    std::vector<std::string> servers; ///< ADDR or ADDR:PORT or [v6]:PORT; empty: those of /etc/resolv.conf
    std::chrono::milliseconds attempt{2000}; ///< before the next try
    unsigned attempts = 3;
};

/// What is asked for beside the records themselves.
enum class DnsWish : std::uint8_t {
    plain,
    dnssec,    ///< DO: signatures, and the resolver's own judgement (AD)
    unchecked, ///< DO and CD: signatures, and the answer even when it does not hold (RFC 4035 3.2.2)
};

struct DnsAnswer {
    model::Outcome outcome; ///< completed (also NODATA), not_reached dns_nxdomain / dns_servfail /
                            ///< dns_timeout, skipped stopped/deadline
    DnsMessage message;     ///< when something came
};

/// I/O thread. Same question under way: asked once. Answers are kept for their TTL, at most 60 s.
class Resolver {
public:
    Resolver(Runtime& runtime, ResolverOptions options);
    ~Resolver();

    /// Asks with RD and EDNS.
    Task<DnsAnswer> ask(std::string name, DnsType type, DnsWish wish, Deadline deadline);
    /// A and AAAA with the CNAME chain followed (the resolver's answer, and asked again when it stops short).
    Task<model::NameResolution> resolve(std::string name, Deadline deadline);
    [[nodiscard]] std::uint64_t query_count() const;
    /// The port at which a server of ours at that address is asked; nothing when none is there.
    [[nodiscard]] std::optional<std::uint16_t> port_at(const model::IpAddress& address) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::net
