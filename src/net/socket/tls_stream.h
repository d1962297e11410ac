// OpenSSL's state machine over a non-blocking socket. It never waits: the connection does. Private to net.
#pragma once

#include "net/connection.h"

#include <openssl/ssl.h>

#include <memory>

namespace fengsui::net {

class SocketCore;

enum class TlsStep : std::uint8_t { done, want_read, want_write, ended, failed };

class TlsStream {
public:
    /// Client side. Throws base::Error when OpenSSL has no memory.
    TlsStream(SocketCore& core, const TlsClientOptions& options);
    /// Server side.
    TlsStream(SocketCore& core, const TlsServer& server);

    TlsStep handshake();
    /// The next handshake() is a client's renegotiation; false when this session knows none (TLS 1.3, or
    /// a server without RFC 5746).
    bool begin_renegotiation();
    TlsStep read(char* buffer, std::size_t capacity, std::size_t& count);
    TlsStep write(std::string_view bytes, std::size_t& count);
    /// Sends close_notify if it can be sent without waiting.
    void shutdown();

    /// Why the last step failed.
    [[nodiscard]] model::Outcome failure() const;
    [[nodiscard]] TlsSession session() const;
    /// Whether a certificate was asked for, and the tickets so far.
    void update(TlsSession& session) const;

    /// What OpenSSL calls back.
    void note_certificate_request() { has_certificate_request_ = true; }
    void note_ticket(std::uint32_t max_early_data);

    /// What the BIO below OpenSSL calls.
    int receive(char* buffer, int capacity, bool& retry);
    int send(const char* bytes, int count, bool& retry);
    [[nodiscard]] bool is_at_end() const { return is_at_end_; }

private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    TlsStream(SocketCore& core, SSL_CTX& context);
    TlsStep step_of(int result);

    SocketCore& core_;
    std::unique_ptr<SSL, Free> ssl_;
    int os_error_ = 0;
    bool is_at_end_ = false;
    bool has_certificate_request_ = false;
    bool has_ticket_ = false;
    std::uint32_t max_early_data_ = 0;
    bool is_broken_ = false;
    bool is_established_ = false;
};

} // namespace fengsui::net
