// The one implementation of Connection. Private to net.
#pragma once

#include "net/connection.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "net/socket/socket_core.h"
#include "net/socket/tls_stream.h"

#include <optional>

namespace fengsui::net {

class SocketConnection final : public Connection {
public:
    /// A socket that is about to connect (client) or was accepted (server).
    explicit SocketConnection(SocketCore::Socket&& socket);
    ~SocketConnection() override;

    /// Makes it one that `stop_traffic` ends and that holds a politeness permit.
    void become_client(Runtime& runtime, Politeness::Permit permit);
    /// Opens the socket and connects it.
    Task<model::Outcome> connect_to(model::IpAddress address, std::uint16_t port);
    /// Reads the addresses of a connected socket and sets TCP_NODELAY.
    void settle();
    void become_accepted(const boost::asio::ip::tcp::endpoint& remote);
    [[nodiscard]] const std::shared_ptr<SocketCore>& core() const { return core_; }

    Task<Transfer> read_some(char* buffer, std::size_t capacity) override;
    Task<Transfer> write(std::string_view bytes) override;
    void set_deadline(Deadline deadline) override { core_->set_deadline(deadline); }
    Task<model::Outcome> start_tls(TlsClientOptions options, TlsSession& session) override;
    void update_tls(TlsSession& session) const override;
    Task<model::Outcome> renegotiate() override;
    Task<model::Outcome> accept_tls(const TlsServer& server) override;
    void close() override;
    void abort() override;
    [[nodiscard]] bool is_open() const override { return core_->cause() == EndCause::none; }
    [[nodiscard]] model::IpAddress remote_address() const override { return remote_; }
    [[nodiscard]] model::IpAddress local_address() const override { return local_; }
    [[nodiscard]] std::uint16_t local_port() const override { return local_port_; }
    [[nodiscard]] std::uint64_t bytes_read() const override { return core_->bytes_read; }
    [[nodiscard]] std::uint64_t bytes_written() const override { return core_->bytes_written; }

private:
    class Membership final : public TrafficMember {
    public:
        Membership(Runtime& runtime, SocketCore& core)
            : TrafficMember(runtime), client_runtime_(runtime), core_(core) {}
        ~Membership() override { client_runtime_.count_received(core_.bytes_read); }

    private:
        void do_stop() override { core_.end(EndCause::stopped); }
        Runtime& client_runtime_;
        SocketCore& core_;
    };

    /// Waits until the socket is ready for `step`, which is want_read or want_write.
    Task<boost::system::error_code> wait_for(TlsStep step);
    Task<model::Outcome> handshake();
    Task<Transfer> read_tls(char* buffer, std::size_t capacity);
    Task<Transfer> write_tls(std::string_view bytes);

    std::shared_ptr<SocketCore> core_; ///< also watched by its timer and its listener
    Politeness::Permit permit_;
    std::optional<Membership> membership_;
    std::unique_ptr<TlsStream> tls_;
    model::IpAddress remote_;
    model::IpAddress local_;
    std::uint16_t local_port_ = 0;
};

} // namespace fengsui::net
