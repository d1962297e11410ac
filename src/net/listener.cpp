#include "net/listener.h"

#include "base/error.h"
#include "net/runtime.h"
#include "net/socket/endpoint.h"
#include "net/socket/socket_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <fmt/format.h>

#include <array>
#include <list>

namespace fengsui::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{100}; // while no file descriptor can be had
constexpr std::size_t kLargestDatagram = 65536;

/// Opens and binds; the error names the endpoint.
template <class Socket, class Endpoint>
void bind_to(Socket& socket, const Endpoint& endpoint) {
    try {
        socket.open(endpoint.protocol());
        if constexpr (std::is_same_v<Socket, tcp::acceptor>) {
            socket.set_option(tcp::acceptor::reuse_address(true));
        }
        if (endpoint.address().is_v6()) {
            socket.set_option(asio::ip::v6_only(true));
        }
        socket.bind(endpoint);
    } catch (const boost::system::system_error& error) {
        throw base::Error(
            base::ErrorCode::io,
            fmt::format(
                "cannot listen on {} port {}: {}",
                endpoint.address().to_string(),
                endpoint.port(),
                error.code().message()
            )
        );
    }
}

} // namespace

struct TcpListener::State : std::enable_shared_from_this<TcpListener::State> {
    State(Runtime& owner, ConnectionHandler on_connection)
        : runtime(owner), handler(std::move(on_connection)), acceptor(owner.io()), pause(owner.io()) {}

    void accept() {
        acceptor.async_accept(
            remote,
            [self = shared_from_this()](const error_code& error, tcp::socket socket) {
                self->take(error, std::move(socket));
            }
        );
    }

    void take(const error_code& error, tcp::socket socket) {
        if (!acceptor.is_open()) {
            return;
        }
        if (error && error != asio::error::connection_aborted) {
            accept_later();
            return;
        }
        if (!error) {
            auto connection = std::make_unique<SocketConnection>(std::move(socket));
            connection->become_accepted(remote);
            runtime.spawn("connection", serve(shared_from_this(), std::move(connection)));
        }
        accept();
    }

    void accept_later() {
        pause.expires_after(kAcceptPause);
        pause.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && self->acceptor.is_open()) {
                self->accept();
            }
        });
    }

    static Task<> serve(std::shared_ptr<State> self, std::unique_ptr<SocketConnection> connection) {
        const auto place = self->open.insert(self->open.end(), connection->core());
        std::exception_ptr failure;
        try {
            co_await self->handler(std::move(connection));
        } catch (...) {
            failure = std::current_exception();
        }
        self->open.erase(place);
        if (failure) {
            std::rethrow_exception(failure);
        }
    }

    void stop_accepting() {
        error_code ignored; // closing is all there is to do
        acceptor.close(ignored);
        pause.cancel();
    }

    void stop() {
        stop_accepting();
        for (const auto& watched : open) {
            if (const auto core = watched.lock()) {
                core->end(EndCause::stopped);
            }
        }
    }

    Runtime& runtime;
    ConnectionHandler handler;
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    tcp::endpoint remote;
    std::list<std::weak_ptr<SocketCore>> open; ///< connections whose handlers have not returned
};

TcpListener::TcpListener(
    Runtime& runtime, const model::IpAddress& address, std::uint16_t port, ConnectionHandler handler
)
    : state_(std::make_shared<State>(runtime, std::move(handler))) {
    bind_to(state_->acceptor, tcp::endpoint(to_asio(address), port));
    error_code error;
    state_->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        throw base::Error(
            base::ErrorCode::io,
            fmt::format("cannot listen on {} port {}: {}", address.str(), port, error.message())
        );
    }
    state_->accept();
}

TcpListener::~TcpListener() {
    state_->stop();
}

void TcpListener::stop_accepting() {
    state_->stop_accepting();
}

std::uint16_t TcpListener::port() const {
    error_code ignored; // 0 then
    return state_->acceptor.local_endpoint(ignored).port();
}

struct UdpListener::State : std::enable_shared_from_this<UdpListener::State> {
    State(Runtime& runtime, DatagramHandler on_datagram)
        : handler(std::move(on_datagram)), socket(runtime.io()) {}

    void receive() {
        socket.async_receive_from(
            asio::buffer(buffer),
            remote,
            [self = shared_from_this()](const error_code& error, std::size_t count) {
                if (!self->socket.is_open()) {
                    return;
                }
                if (!error) { // otherwise: the ICMP answer to something we sent
                    self->answer(count);
                }
                self->receive();
            }
        );
    }

    void answer(std::size_t count) {
        const std::string reply = handler(std::string_view(buffer.data(), count));
        if (!reply.empty()) {
            error_code ignored; // a datagram may be lost
            socket.send_to(asio::buffer(reply), remote, 0, ignored);
        }
    }

    DatagramHandler handler;
    udp::socket socket;
    udp::endpoint remote;
    std::array<char, kLargestDatagram> buffer{};
};

UdpListener::UdpListener(
    Runtime& runtime, const model::IpAddress& address, std::uint16_t port, DatagramHandler handler
)
    : state_(std::make_shared<State>(runtime, std::move(handler))) {
    bind_to(state_->socket, udp::endpoint(to_asio(address), port));
    state_->socket.non_blocking(true);
    state_->receive();
}

UdpListener::~UdpListener() {
    error_code ignored; // closing is all there is to do
    state_->socket.close(ignored);
}

std::uint16_t UdpListener::port() const {
    error_code ignored; // 0 then
    return state_->socket.local_endpoint(ignored).port();
}

} // namespace fengsui::net
