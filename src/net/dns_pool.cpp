#include "net/dns_pool.h"

#include "base/hash.h"
#include "net/socket/socket_core.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstring>

namespace fengsui::net {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

// A port that lives long can be found out and its 65536 ids tried; one used for a while cannot.
constexpr unsigned kMaxSocketUses = 512;
constexpr std::chrono::seconds kMaxSocketAge{60};
constexpr std::size_t kMaxWaiting = 16384; // a quarter of the ids: a free one is found at once
constexpr int kReceiveBuffer = 1 << 20;

std::uint32_t random_number() {
    const auto bytes = base::random_bytes(sizeof(std::uint32_t));
    std::uint32_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof(number));
    return number;
}

} // namespace

DnsWaiter::DnsWaiter(Runtime& runtime) : TrafficMember(runtime), timer_(runtime.io()) {}

Task<> DnsWaiter::wait(Deadline::Clock::time_point at) {
    if (!is_woken_) {
        timer_.expires_at(at);
        error_code ignored; // cancelled means woken
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    is_woken_ = false;
}

void DnsWaiter::wake() {
    is_woken_ = true;
    timer_.cancel();
}

bool answers_question(const DnsMessage& message, const DnsQuestion& question) {
    if (!message.is_response) {
        return false;
    }
    if (message.questions.empty()) {
        return message.code != DnsCode::no_error && message.code != DnsCode::name_error;
    }
    const auto& echoed = message.questions.front();
    return message.questions.size() == 1 && echoed.name == question.name && echoed.type == question.type;
}

DnsSocket::DnsSocket(Runtime& runtime, const udp& protocol) : socket_(runtime.io()) {
    error_code error;
    socket_.open(protocol, error);
    if (!error) {
        socket_.bind(udp::endpoint(protocol, 0), error); // the kernel picks a random free port
    }
    if (error) {
        outcome_of(error); // throws when we are short of sockets
        return;            // no such family here: what is sent is lost, and that is what the asker sees
    }
    error_code ignored; // less buffer loses answers under load; they are asked for again
    socket_.set_option(asio::socket_base::receive_buffer_size(kReceiveBuffer), ignored);
    socket_.non_blocking(true, ignored);
}

std::optional<std::uint16_t> DnsSocket::enlist(
    DnsInquiry& inquiry, std::size_t server, const DnsEndpoint& from
) {
    ++uses_;
    while (waiting_.size() < kMaxWaiting) {
        const auto id = static_cast<std::uint16_t>(random_number());
        if (waiting_.try_emplace(id, Entry{&inquiry, server, from}).second) {
            return id;
        }
    }
    return std::nullopt;
}

void DnsSocket::dismiss(std::uint16_t id) {
    waiting_.erase(id);
    if (is_retired_ && waiting_.empty()) {
        error_code ignored; // there is nothing left to lose
        socket_.close(ignored);
    }
}

void DnsSocket::send(const std::string& bytes, const DnsEndpoint& to) {
    error_code ignored; // a datagram that could not be sent is as good as lost on the way
    socket_.send_to(asio::buffer(bytes), to, 0, ignored);
}

void DnsSocket::retire() {
    is_retired_ = true;
    if (waiting_.empty()) {
        error_code ignored; // as in dismiss
        socket_.close(ignored);
    }
}

bool DnsSocket::is_worn() const {
    return uses_ >= kMaxSocketUses || Deadline::Clock::now() - born_ > kMaxSocketAge;
}

void DnsSocket::receive() {
    auto on_datagram = [self = shared_from_this()](const error_code& error, std::size_t size) {
        if (error == asio::error::operation_aborted || !self->socket_.is_open()) {
            return;
        }
        if (!error) {
            self->accept(std::string_view(self->buffer_.data(), size));
        }
        if (self->socket_.is_open()) {
            self->receive();
        }
    };
    socket_.async_receive_from(asio::buffer(buffer_), sender_, std::move(on_datagram));
}

/// Anything but an answer from the server asked, with its id and question, is dropped (RFC 5452 section 9).
void DnsSocket::accept(std::string_view bytes) {
    auto message = decode_dns(bytes);
    if (!message) {
        return;
    }
    const auto entry = waiting_.find(message->id);
    if (entry == waiting_.end() || entry->second.from != sender_) {
        return;
    }
    auto& inquiry = *entry->second.inquiry;
    if (answers_question(*message, inquiry.question)) {
        inquiry.replies.push_back({entry->second.server, std::move(*message)});
        inquiry.waiter.wake();
    }
}

DnsPool::~DnsPool() {
    for (auto* sockets : {&v4_, &v6_}) {
        for (auto& socket : *sockets) {
            if (socket) {
                socket->retire();
            }
        }
    }
}

DnsRegistration DnsPool::enlist(DnsInquiry& inquiry, std::size_t server, const DnsEndpoint& from) {
    auto& sockets = from.protocol() == udp::v4() ? v4_ : v6_;
    while (true) {
        auto& socket = sockets[random_number() % kSockets];
        if (socket && socket->is_worn()) {
            socket->retire();
            socket.reset();
        }
        if (!socket) {
            socket = std::make_shared<DnsSocket>(runtime_, from.protocol());
            socket->start();
        }
        const auto id = socket->enlist(inquiry, server, from);
        if (id) {
            return {socket, *id};
        }
        socket->retire();
        socket.reset();
    }
}

} // namespace fengsui::net
