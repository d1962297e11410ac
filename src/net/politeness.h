// Being a good guest: one component decides when the next connection or request to an address may go.
#pragma once

#include "model/address.h"
#include "model/outcome.h"
#include "net/task.h"

#include <chrono>
#include <memory>
#include <optional>

namespace fengsui::net {

class Runtime;

struct QuietHours {
    std::chrono::minutes from{0}; ///< of the local day; from == until: none. May wrap midnight.
    std::chrono::minutes until{0};
};

struct PolitenessOptions {
    double requests_per_second = 1;    ///< to one destination address: connections and requests together
    unsigned connections = 2;          ///< at once to one destination address
    unsigned total_connections = 2000; ///< at once in all
    unsigned breaker_failures = 3;     ///< failures in a row on one address and port before it is left alone
    std::chrono::seconds breaker_pause{60};    ///< and for how long
    std::chrono::seconds max_retry_after{120}; ///< a longer wait means rate_limited at once
    QuietHours quiet_hours{};
};

/// All of it belongs to the I/O thread. Counting: every TCP connection and every HTTP request is one
/// event; events to one address are at least 1/N s apart, so no window of one second holds more than
/// N + 1. Names that share an address share its budget.
class Politeness {
public:
    /// A connection slot, given back by its destructor.
    class Permit {
    public:
        Permit() = default;
        Permit(Permit&& other) noexcept;
        Permit& operator=(Permit&& other) noexcept;
        ~Permit();

    private:
        friend class Politeness;
        Permit(Politeness& owner, const model::IpAddress& address) : owner_(&owner), address_(address) {}
        Politeness* owner_ = nullptr;
        model::IpAddress address_;
    };

    Politeness(Runtime& runtime, PolitenessOptions options);
    ~Politeness();

    /// Waits for a connection slot and for the rate; completed and a permit, or not_reached/rate_limited
    /// (asked to stay away beyond the deadline), not_reached/… (breaker open: the failure that opened it),
    /// skipped/stopped or skipped/deadline.
    Task<model::Outcome> admit_connection(
        model::IpAddress address, std::uint16_t port, Deadline deadline, Permit& permit
    );
    /// Waits for the rate before a request on an open connection.
    Task<model::Outcome> admit_request(model::IpAddress address, Deadline deadline);

    /// What came of a connect, for the circuit breaker.
    void report_connect(const model::IpAddress& address, std::uint16_t port, const model::Outcome& outcome);
    /// The server said 429 or 503, or reset us: back off (Retry-After when given, else doubling from 2 s
    /// with jitter), for every name on that address.
    void report_overload(const model::IpAddress& address, std::optional<std::chrono::seconds> retry_after);
    /// A good answer: the back-off is forgotten.
    void report_success(const model::IpAddress& address);

    /// Whether quiet hours forbid traffic now; patrols wait, they do not skip.
    [[nodiscard]] bool is_quiet_now() const;

    [[nodiscard]] std::uint64_t connection_count() const;
    [[nodiscard]] std::uint64_t request_count() const;

private:
    struct State;
    void release(const model::IpAddress& address);
    std::unique_ptr<State> state_;
};

} // namespace fengsui::net
