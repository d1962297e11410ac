// Server side: for the practice range and for our own tests' peers.
#pragma once

#include "model/address.h"
#include "net/connection.h"

#include <functional>
#include <memory>
#include <string>

namespace fengsui::net {

/// A TLS server's identity and settings, built from PEM texts (OpenSSL inside). Serves several names.
class TlsServer {
public:
    struct Settings {
        std::string min_version = "TLSv1.2"; ///< TLSv1, TLSv1.1, TLSv1.2, TLSv1.3
        std::string max_version = "TLSv1.3";
        std::string ciphers;  ///< OpenSSL cipher string for TLS ≤ 1.2; empty: default. @SECLEVEL=0 is added
        std::string groups{}; ///< OpenSSL list of curves; empty: default
        bool signs_with_sha1 = false;
        bool prefers_own_order = true;
        bool has_extended_master_secret = true;
        bool allows_client_renegotiation = false;
        std::uint32_t max_early_data = 0;
    };
    explicit TlsServer(const Settings& settings);
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    /// `chain_pem` is sent as given, leaf first. The first identity added answers unknown or absent SNI.
    /// Throws base::Error when the PEM does not parse or the key does not fit.
    void add_identity(
        const std::string& server_name, const std::string& chain_pem, const std::string& key_pem
    );

private:
    friend struct TlsServerAccess;
    struct State;
    std::unique_ptr<State> state_;
};

using ConnectionHandler = std::function<Task<>(std::unique_ptr<Connection>)>;
/// Datagram in, datagram out (empty: no answer).
using DatagramHandler = std::function<std::string(std::string_view datagram)>;

/// Listens while it lives; then its connections end with skipped/stopped. `port` 0 takes a free one. What a
/// handler uses must outlive `Runtime::run`: the handlers under way end after the listener. Throws
/// base::Error when the address cannot be had.
class TcpListener {
public:
    TcpListener(
        Runtime& runtime, const model::IpAddress& address, std::uint16_t port, ConnectionHandler handler
    );
    ~TcpListener();
    /// No new connections; those open go on.
    void stop_accepting();
    TcpListener(const TcpListener&) = delete;
    TcpListener& operator=(const TcpListener&) = delete;
    [[nodiscard]] std::uint16_t port() const;

private:
    struct State;
    std::shared_ptr<State> state_; ///< shared with the accept loop, which ends after this has gone
};

class UdpListener {
public:
    UdpListener(
        Runtime& runtime, const model::IpAddress& address, std::uint16_t port, DatagramHandler handler
    );
    ~UdpListener();
    UdpListener(const UdpListener&) = delete;
    UdpListener& operator=(const UdpListener&) = delete;
    [[nodiscard]] std::uint16_t port() const;

private:
    struct State;
    std::shared_ptr<State> state_; ///< shared with the receive loop
};

} // namespace fengsui::net
