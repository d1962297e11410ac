// UDP towards name servers: a pool of sockets on random ports, answers matched to the questions waiting.
// Private to net.
#pragma once

#include "net/dns_message.h"
#include "net/runtime.h"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>

namespace fengsui::net {

using DnsEndpoint = boost::asio::ip::udp::endpoint;

/// Something that waits for a word, for a time, or for the end of traffic.
class DnsWaiter final : public TrafficMember {
public:
    explicit DnsWaiter(Runtime& runtime);
    /// Ends at `at`, when woken (also before this call), or when traffic is stopped.
    Task<> wait(Deadline::Clock::time_point at);
    void wake();

private:
    void do_stop() override { wake(); }
    boost::asio::steady_timer timer_;
    bool is_woken_ = false;
};

/// One question on its way, perhaps to several servers, and what has come back so far.
struct DnsInquiry {
    struct Reply {
        std::size_t server = 0;
        DnsMessage message;
    };
    DnsInquiry(Runtime& runtime, DnsQuestion asked) : waiter(runtime), question(std::move(asked)) {}

    DnsWaiter waiter;
    DnsQuestion question;
    std::vector<Reply> replies;
};

/// Whether `message` answers the question. An error may leave the question out (RFC 1035 4.1.1).
bool answers_question(const DnsMessage& message, const DnsQuestion& question);

/// One socket: receives as long as a question waits on it or the pool uses it.
class DnsSocket : public std::enable_shared_from_this<DnsSocket> {
public:
    /// Throws base::Error when the system has no sockets left.
    DnsSocket(Runtime& runtime, const boost::asio::ip::udp& protocol);

    void start() { receive(); }
    /// The id under which `inquiry` waits for `from`; nothing when ids have become scarce here.
    std::optional<std::uint16_t> enlist(DnsInquiry& inquiry, std::size_t server, const DnsEndpoint& from);
    void dismiss(std::uint16_t id);
    void send(const std::string& bytes, const DnsEndpoint& to);
    /// Takes no more questions; closes after the last has gone.
    void retire();
    [[nodiscard]] bool is_worn() const;

private:
    struct Entry {
        DnsInquiry* inquiry = nullptr; ///< lives as long as its registration
        std::size_t server = 0;
        DnsEndpoint from;
    };
    void receive();
    void accept(std::string_view bytes);

    boost::asio::ip::udp::socket socket_;
    std::unordered_map<std::uint16_t, Entry> waiting_;
    std::array<char, 4096> buffer_{};
    DnsEndpoint sender_;
    unsigned uses_ = 0;
    Deadline::Clock::time_point born_ = Deadline::Clock::now();
    bool is_retired_ = false;
};

/// A question's place on a socket, given back when destroyed.
class DnsRegistration {
public:
    DnsRegistration(std::shared_ptr<DnsSocket> socket, std::uint16_t id)
        : socket_(std::move(socket)), id_(id) {}
    DnsRegistration(DnsRegistration&&) noexcept = default;
    DnsRegistration& operator=(DnsRegistration&&) = delete;
    ~DnsRegistration() {
        if (socket_) {
            socket_->dismiss(id_);
        }
    }
    [[nodiscard]] std::uint16_t id() const { return id_; }
    [[nodiscard]] DnsSocket& socket() const { return *socket_; }

private:
    std::shared_ptr<DnsSocket> socket_; ///< shared with the pool and the receive under way
    std::uint16_t id_;
};

class DnsPool {
public:
    explicit DnsPool(Runtime& runtime) : runtime_(runtime) {}
    ~DnsPool();
    DnsPool(const DnsPool&) = delete;
    DnsPool& operator=(const DnsPool&) = delete;

    /// A place on a random socket with a random id.
    DnsRegistration enlist(DnsInquiry& inquiry, std::size_t server, const DnsEndpoint& from);

private:
    static constexpr std::size_t kSockets = 32;
    using Sockets = std::array<std::shared_ptr<DnsSocket>, kSockets>;

    Runtime& runtime_;
    Sockets v4_;
    Sockets v6_;
};

} // namespace fengsui::net
