#include "net/connection.h"

#include "net/socket/endpoint.h"
#include "net/socket/socket_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>

namespace fengsui::net {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

SocketConnection::SocketConnection(SocketCore::Socket&& socket)
    : core_(std::make_shared<SocketCore>(std::move(socket))) {}

SocketConnection::~SocketConnection() {
    SocketConnection::close();
}

void SocketConnection::become_client(Runtime& runtime, Politeness::Permit permit) {
    permit_ = std::move(permit);
    membership_.emplace(runtime, *core_);
}

void SocketConnection::settle() {
    error_code ignored; // the peer may have gone already; the first operation will say so
    core_->socket.set_option(tcp::no_delay(true), ignored);
    const tcp::endpoint local = core_->socket.local_endpoint(ignored);
    local_ = from_asio(local.address());
    local_port_ = local.port();
}

void SocketConnection::become_accepted(const tcp::endpoint& remote) {
    remote_ = from_asio(remote.address());
    settle();
}

Task<model::Outcome> SocketConnection::connect_to(model::IpAddress address, std::uint16_t port) {
    remote_ = address;
    const tcp::endpoint endpoint(to_asio(address), port);
    error_code error;
    core_->socket.open(endpoint.protocol(), error);
    if (error) {
        co_return core_->failure(error);
    }
    co_await core_->socket.async_connect(endpoint, redirect_error(use_awaitable, error));
    if (error || !is_open()) {
        co_return core_->failure(error);
    }
    settle();
    co_return model::completed();
}

Task<Transfer> SocketConnection::read_some(char* buffer, std::size_t capacity) {
    if (tls_) {
        co_return co_await read_tls(buffer, capacity);
    }
    error_code error;
    const std::size_t count = co_await core_->socket.async_read_some(
        asio::buffer(buffer, capacity), redirect_error(use_awaitable, error)
    );
    core_->bytes_read += count;
    if (!is_open() || (error && error != asio::error::eof)) {
        co_return Transfer{core_->failure(error), count};
    }
    co_return Transfer{model::completed(), count};
}

Task<Transfer> SocketConnection::write(std::string_view bytes) {
    if (tls_) {
        co_return co_await write_tls(bytes);
    }
    std::size_t done = 0;
    error_code error;
    while (is_open() && !error && done < bytes.size()) {
        const ssize_t sent = core_->try_send(bytes.data() + done, bytes.size() - done);
        if (sent >= 0) {
            done += static_cast<std::size_t>(sent);
        } else if (errno == EAGAIN) {
            error = co_await wait_for(TlsStep::want_write);
        } else if (errno != EINTR) {
            error = error_code(errno, boost::system::system_category());
        }
    }
    co_return Transfer{done == bytes.size() && is_open() ? model::completed() : core_->failure(error), done};
}

Task<error_code> SocketConnection::wait_for(TlsStep step) {
    const auto direction = step == TlsStep::want_write ? tcp::socket::wait_write : tcp::socket::wait_read;
    error_code error;
    co_await core_->socket.async_wait(direction, redirect_error(use_awaitable, error));
    if (!error && !is_open()) {
        error = asio::error::operation_aborted;
    }
    co_return error;
}

Task<model::Outcome> SocketConnection::handshake() {
    TlsStep step = TlsStep::want_read;
    error_code error;
    while (is_open() && !error) {
        step = tls_->handshake();
        if (step == TlsStep::done) {
            co_return model::completed();
        }
        if (step == TlsStep::ended || step == TlsStep::failed) {
            co_return tls_->failure();
        }
        error = co_await wait_for(step);
    }
    co_return core_->failure(error);
}

Task<model::Outcome> SocketConnection::start_tls(TlsClientOptions options, TlsSession& session) {
    tls_ = std::make_unique<TlsStream>(*core_, options);
    const model::Outcome outcome = co_await handshake();
    if (outcome.is_completed()) {
        session = tls_->session();
    }
    tls_->update(session);
    co_return outcome;
}

void SocketConnection::update_tls(TlsSession& session) const {
    if (tls_) {
        tls_->update(session);
    }
}

Task<model::Outcome> SocketConnection::renegotiate() {
    if (!tls_ || !tls_->begin_renegotiation()) {
        co_return model::skipped(model::Reason::not_applicable);
    }
    const model::Outcome outcome = co_await handshake();
    co_return outcome;
}

Task<model::Outcome> SocketConnection::accept_tls(const TlsServer& server) {
    tls_ = std::make_unique<TlsStream>(*core_, server);
    co_return co_await handshake();
}

Task<Transfer> SocketConnection::read_tls(char* buffer, std::size_t capacity) {
    error_code error;
    while (is_open() && !error) {
        std::size_t count = 0;
        const TlsStep step = tls_->read(buffer, capacity, count);
        if (step == TlsStep::done || step == TlsStep::ended) {
            co_return Transfer{model::completed(), count};
        }
        if (step == TlsStep::failed) {
            co_return Transfer{tls_->failure(), 0};
        }
        error = co_await wait_for(step);
    }
    co_return Transfer{core_->failure(error), 0};
}

Task<Transfer> SocketConnection::write_tls(std::string_view bytes) {
    std::size_t done = 0;
    error_code error;
    while (is_open() && !error && done < bytes.size()) {
        std::size_t count = 0;
        const TlsStep step = tls_->write(bytes.substr(done), count);
        done += count;
        if (step == TlsStep::ended || step == TlsStep::failed) {
            co_return Transfer{tls_->failure(), done};
        }
        if (step != TlsStep::done) {
            error = co_await wait_for(step);
        }
    }
    co_return Transfer{done == bytes.size() && is_open() ? model::completed() : core_->failure(error), done};
}

void SocketConnection::close() {
    if (!is_open()) {
        return;
    }
    if (tls_) {
        tls_->shutdown();
    }
    core_->end(EndCause::closed);
}

void SocketConnection::abort() {
    if (!is_open()) {
        return;
    }
    error_code ignored; // a socket that cannot linger is closed all the same
    core_->socket.set_option(asio::socket_base::linger(true, 0), ignored);
    core_->end(EndCause::closed);
}

Task<Connected> connect(
    Runtime& runtime,
    Politeness& politeness,
    model::ScopeTicket ticket,
    std::uint16_t port,
    Deadline deadline,
    std::chrono::milliseconds timeout
) {
    Politeness::Permit permit;
    const model::Outcome admitted =
        co_await politeness.admit_connection(ticket.address(), port, deadline, permit);
    if (!admitted.is_completed()) {
        co_return Connected{admitted, nullptr};
    }
    const model::Reason objection = ticket.confirm();
    if (objection != model::Reason::none) {
        co_return Connected{model::refused(objection), nullptr};
    }
    auto connection = std::make_unique<SocketConnection>(tcp::socket(runtime.io()));
    connection->become_client(runtime, std::move(permit));
    connection->set_deadline(deadline.within(timeout));
    const model::Outcome outcome = co_await connection->connect_to(ticket.address(), port);
    connection->set_deadline(deadline);
    politeness.report_connect(ticket.address(), port, outcome);
    if (!outcome.is_completed()) {
        co_return Connected{outcome, nullptr};
    }
    co_return Connected{outcome, std::move(connection)};
}

} // namespace fengsui::net
