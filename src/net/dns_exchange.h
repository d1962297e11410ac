// One question put to the name servers until one of them has answered. Private to net.
#pragma once

#include "net/dns_pool.h"
#include "net/resolver.h"

#include <deque>
#include <string>
#include <vector>

namespace fengsui::net {

class Connection;

/// completed when a question may still be asked, else skipped/stopped or skipped/deadline.
model::Outcome dns_objection(const Runtime& runtime, Deadline deadline);

/// `ADDR`, `ADDR:PORT`, `[v6]:PORT`; port 53 unless given. Throws base::Error.
DnsEndpoint parse_dns_server(std::string_view text);
/// The servers of a resolv.conf text, at most three as in resolv.conf(5); the local host when there is none.
std::vector<DnsEndpoint> parse_resolv_conf(std::string_view text);

/// Reads one message with its two octets of length (RFC 1035 4.2.2); empty when it does not come.
Task<std::string> read_dns_frame(Connection& connection);

/// Keeps the number of fresh, unanswered questions within what servers and socket buffers take without
/// loss. A question that has waited for a while no longer counts: silent servers do not hold up others.
class DnsGate {
public:
    class Slot {
    public:
        explicit Slot(DnsGate& gate) : gate_(gate) {}
        ~Slot() { release(); }
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        void release();

    private:
        friend class DnsGate;
        DnsGate& gate_;
        bool is_held_ = false;
    };

    /// Waits its turn; returns without one when traffic stops or the deadline passes.
    Task<> enter(Runtime& runtime, DnsWaiter& waiter, Deadline deadline, Slot& slot);

private:
    struct Guest {
        DnsWaiter* waiter = nullptr;
        Slot* slot = nullptr;
    };
    std::size_t inside_ = 0;
    std::deque<Guest> queue_;
};

class DnsExchange {
public:
    /// Throws base::Error when a server's address is none.
    DnsExchange(Runtime& runtime, const ResolverOptions& options);

    Task<DnsAnswer> ask(DnsQuestion question, DnsWish wish, Deadline deadline);
    [[nodiscard]] std::uint64_t query_count() const { return queries_; }
    [[nodiscard]] const std::vector<DnsEndpoint>& servers() const { return servers_; }

private:
    /// How the asking of one question stands.
    struct Progress {
        std::vector<bool> has_failed; ///< by server: said SERVFAIL, REFUSED and the like
        std::vector<bool> is_plain;   ///< by server: does not know EDNS
        DnsWish wish = DnsWish::plain;
        bool was_silent = false; ///< a whole attempt passed without an answer
        DnsAnswer last;
        std::vector<DnsRegistration> places; ///< earlier attempts stay open: a late answer is an answer
    };
    /// Sends to one server and waits for an answer of any asked so far.
    Task<> attempt(DnsInquiry& inquiry, Progress& progress, std::size_t server, Deadline deadline);
    void send(DnsInquiry& inquiry, Progress& progress, std::size_t server);
    Task<> wait_for_reply(DnsInquiry& inquiry, Deadline until);
    /// True when `progress.last` is the end of it.
    Task<bool> judge(DnsInquiry& inquiry, Progress& progress, Deadline deadline);
    Task<bool> judge_one(DnsInquiry& inquiry, DnsInquiry::Reply reply, Progress& progress, Deadline deadline);
    Task<std::optional<DnsMessage>> ask_tcp(
        DnsQuestion question, DnsWish wish, std::size_t server, Deadline deadline
    );
    /// The server to ask next, going round; nothing when all have failed.
    [[nodiscard]] std::optional<std::size_t> next_server(const Progress& progress, std::size_t from) const;

    Runtime& runtime_;
    DnsPool pool_;
    DnsGate gate_;
    std::vector<DnsEndpoint> servers_;
    std::chrono::milliseconds attempt_;
    std::size_t attempts_;
    std::uint64_t queries_ = 0;
};

} // namespace fengsui::net
