#include "net/dns_direct.h"

#include "base/hash.h"
#include "net/connection.h"
#include "net/dns_exchange.h"
#include "net/dns_wire.h"
#include "net/politeness.h"
#include "net/socket/endpoint.h"
#include "net/socket/socket_core.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace fengsui::net {

namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

constexpr std::chrono::seconds kDirectAttempt{2};
constexpr unsigned kDirectAttempts = 2;
constexpr std::chrono::seconds kDirectConnect{5};
constexpr std::chrono::seconds kDirectAnswer{5};
constexpr unsigned kMaxTransferMessages = 4; // three records may come one by one (RFC 5936 2.2)

DnsMessage direct_query(const DnsQuestion& question) {
    DnsMessage query;
    query.id = wire_u16(base::random_bytes(2), 0);
    query.recursion_desired = false;
    query.has_edns = true;
    query.dnssec_ok = true;
    query.questions.push_back(question);
    return query;
}

/// One connected UDP socket: only the server asked can answer, and a closed port is heard of.
class DirectTalk final : public TrafficMember {
public:
    DirectTalk(Runtime& runtime, const model::IpAddress& address, std::uint16_t port)
        : TrafficMember(runtime),
          socket_(std::make_shared<ip::udp::socket>(runtime.io())),
          timer_(runtime.io()) {
        const ip::udp::endpoint server(to_asio(address), port);
        socket_->open(server.protocol(), error_);
        if (!error_) {
            socket_->connect(server, error_);
        }
    }
    ~DirectTalk() override { timer_.cancel(); }

    Task<DirectAnswer> ask(DnsMessage query, Deadline deadline);

private:
    Task<std::size_t> receive(Deadline deadline);
    void do_stop() override {
        error_code ignored; // it is being given up
        socket_->close(ignored);
    }

    std::shared_ptr<ip::udp::socket> socket_; ///< shared with the timer's handler
    boost::asio::steady_timer timer_;
    std::array<char, 4096> buffer_{};
    error_code error_;
};

/// Bytes received; `error_` says what else happened. The socket is closed when the time is up.
Task<std::size_t> DirectTalk::receive(Deadline deadline) {
    timer_.expires_at(deadline.at());
    auto on_time = [socket = socket_](const error_code& error) {
        if (!error) {
            error_code ignored; // nothing to lose
            socket->cancel(ignored);
        }
    };
    timer_.async_wait(std::move(on_time));
    const auto buffer = boost::asio::buffer(buffer_);
    const auto size = co_await socket_->async_receive(
        buffer, boost::asio::redirect_error(boost::asio::use_awaitable, error_)
    );
    timer_.cancel();
    co_return size;
}

Task<DirectAnswer> DirectTalk::ask(DnsMessage query, Deadline deadline) {
    const auto bytes = encode_dns(query);
    if (!error_) {
        socket_->send(boost::asio::buffer(bytes), 0, error_);
    }
    while (!error_) {
        const std::size_t size = co_await receive(deadline);
        if (error_ == boost::asio::error::operation_aborted) {
            co_return DirectAnswer{model::not_reached(model::Reason::timeout), std::nullopt};
        }
        auto message = decode_dns(std::string_view(buffer_.data(), error_ ? 0 : size));
        if (message && message->id == query.id && answers_question(*message, query.questions.front())) {
            co_return DirectAnswer{model::completed(), std::move(*message)};
        }
    }
    const bool is_no_way = error_ == boost::asio::error::network_unreachable
                           || error_ == boost::asio::error::address_family_not_supported;
    if (is_no_way) { // this machine does not speak IPv6: that says nothing about the server
        co_return DirectAnswer{model::skipped(model::Reason::not_applicable), std::nullopt};
    }
    const bool is_closed = error_ == boost::asio::error::connection_refused;
    co_return DirectAnswer{
        model::not_reached(is_closed ? model::Reason::refused : model::Reason::timeout), std::nullopt};
}

/// Writes one framed message and leaves the connection open for what comes.
Task<Connected> connect_and_send(
    Runtime& runtime,
    Politeness& politeness,
    model::ScopeTicket ticket,
    std::uint16_t port,
    DnsMessage query,
    Deadline deadline
) {
    auto connected = co_await connect(runtime, politeness, std::move(ticket), port, deadline, kDirectConnect);
    if (!connected.outcome.is_completed()) {
        co_return connected;
    }
    const auto bytes = encode_dns(query);
    std::string frame;
    append_u16(frame, static_cast<std::uint16_t>(bytes.size()));
    frame += bytes;
    connected.connection->set_deadline(deadline.within(kDirectAnswer));
    const Transfer sent = co_await connected.connection->write(frame);
    connected.outcome = sent.outcome;
    co_return connected;
}

/// True when the transfer needs no further message.
bool take_transfer(const DnsMessage& message, std::size_t limit, TransferBeginning& begun) {
    begun.code = message.code;
    if (message.code != DnsCode::no_error || message.answers.empty()) {
        return true;
    }
    for (const auto& record : message.answers) {
        if (begun.records.size() >= limit) {
            return true;
        }
        begun.records.push_back(record);
    }
    return begun.records.size() >= limit;
}

} // namespace

Task<DirectAnswer> ask_over_udp(
    Runtime& runtime, model::ScopeTicket ticket, std::uint16_t port, DnsQuestion question, Deadline deadline
) {
    DirectAnswer answer;
    for (unsigned i = 0; i < kDirectAttempts && !answer.message; ++i) {
        answer.outcome = dns_objection(runtime, deadline);
        if (!answer.outcome.is_completed()) {
            break;
        }
        if (const auto objection = ticket.confirm(); objection != model::Reason::none) {
            answer.outcome = model::refused(objection);
            break;
        }
        DirectTalk talk(runtime, ticket.address(), port);
        answer = co_await talk.ask(direct_query(question), deadline.within(kDirectAttempt));
    }
    co_return answer;
}

Task<DirectAnswer> ask_over_tcp(
    Runtime& runtime,
    Politeness& politeness,
    model::ScopeTicket ticket,
    std::uint16_t port,
    DnsQuestion question,
    Deadline deadline
) {
    const auto query = direct_query(question);
    const auto connected =
        co_await connect_and_send(runtime, politeness, std::move(ticket), port, query, deadline);
    if (!connected.outcome.is_completed()) {
        co_return DirectAnswer{connected.outcome, std::nullopt};
    }
    const std::string bytes = co_await read_dns_frame(*connected.connection);
    auto message = decode_dns(bytes);
    connected.connection->close();
    if (!message || message->id != query.id || !answers_question(*message, question)) {
        co_return DirectAnswer{model::not_reached(model::Reason::reset), std::nullopt};
    }
    co_return DirectAnswer{model::completed(), std::move(*message)};
}

Task<TransferBeginning> begin_transfer(
    Runtime& runtime,
    Politeness& politeness,
    model::ScopeTicket ticket,
    std::uint16_t port,
    std::string zone,
    std::size_t limit,
    Deadline deadline
) {
    TransferBeginning begun;
    auto query = direct_query({std::move(zone), DnsType::axfr});
    query.has_edns = false;
    query.dnssec_ok = false;
    const auto connected =
        co_await connect_and_send(runtime, politeness, std::move(ticket), port, query, deadline);
    begun.outcome = connected.outcome;
    if (!begun.outcome.is_completed()) {
        co_return begun;
    }
    for (unsigned i = 0; i < kMaxTransferMessages; ++i) {
        const std::string bytes = co_await read_dns_frame(*connected.connection);
        const auto message = decode_dns(bytes);
        if (!message || message->id != query.id || !message->is_response) {
            break; // it hung up, which is a refusal too
        }
        if (take_transfer(*message, limit, begun)) {
            break;
        }
    }
    connected.connection->abort(); // the rest of the zone is not wanted
    co_return begun;
}

} // namespace fengsui::net
