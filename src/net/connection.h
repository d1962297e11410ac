// TCP connections, with or without TLS. A client connection needs a ScopeTicket; there is no other way.
#pragma once

#include "model/scope.h"
#include "model/tls.h"
#include "net/task.h"

#include <memory>
#include <string>

namespace fengsui::net {

class Politeness;
class Runtime;
class TlsServer;

/// What a read or write came to. `outcome` completed with zero bytes is the peer's orderly end.
struct Transfer {
    model::Outcome outcome;
    std::size_t bytes = 0;
};

/// How the one normal handshake is made. Verification is always off here: the caller judges afterwards.
struct TlsClientOptions {
    std::string server_name;  ///< SNI; empty (or an address): none
    bool allow_legacy = true; ///< security level 0, so that weak servers can be seen
    std::string alpn = "http/1.1";
    bool is_tls12_at_most = false;
};

/// What the handshake showed.
struct TlsSession {
    std::string version;                   ///< TLSv1.3
    std::string cipher;                    ///< IANA name
    std::vector<std::string> certificates; ///< DER, as sent, leaf first
    std::string ocsp_staple;               ///< DER of an OCSPResponse (RFC 6066 section 8); empty: none
    bool has_certificate_request = false;  ///< the server asked for a client certificate; none is ever sent
    bool has_ticket = false;               ///< of TLS 1.3; tickets come after the handshake
    std::uint32_t max_early_data = 0;      ///< RFC 8446 4.6.1, the largest of any ticket
};

class Connection {
public:
    Connection() = default;
    virtual ~Connection() = default; ///< closes
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// At most `capacity` bytes into `buffer`; waits for at least one, the end, or the deadline.
    virtual Task<Transfer> read_some(char* buffer, std::size_t capacity) = 0;
    /// All of `bytes`, which must live until it ends.
    virtual Task<Transfer> write(std::string_view bytes) = 0;
    /// From now on every operation under way or to come ends with not_reached/timeout at `deadline`.
    virtual void set_deadline(Deadline deadline) = 0;
    /// Client handshake on this connection. On failure `tls_failed` (or reset, timeout); `session` then
    /// tells only whether a client certificate was asked for.
    virtual Task<model::Outcome> start_tls(TlsClientOptions options, TlsSession& session) = 0;
    /// Writes into `session` what came since the handshake.
    virtual void update_tls(TlsSession& session) const = 0;
    /// One client-initiated renegotiation of a connection up to TLS 1.2: completed when the server went
    /// along, `tls_failed` when it refused (or reset, timeout).
    virtual Task<model::Outcome> renegotiate() = 0;
    /// Server handshake.
    virtual Task<model::Outcome> accept_tls(const TlsServer& server) = 0;
    /// Sends FIN (and close_notify) without waiting.
    virtual void close() = 0;
    /// Sends RST. The peer can still read what reached it before.
    virtual void abort() = 0;
    [[nodiscard]] virtual bool is_open() const = 0;
    [[nodiscard]] virtual model::IpAddress remote_address() const = 0;
    [[nodiscard]] virtual model::IpAddress local_address() const = 0;
    [[nodiscard]] virtual std::uint16_t local_port() const = 0;
    [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
    [[nodiscard]] virtual std::uint64_t bytes_written() const = 0;
};

struct Connected {
    model::Outcome outcome; ///< completed, not_reached (refused, timeout, reset, rate_limited), refused,
                            ///< skipped (stopped, deadline)
    std::unique_ptr<Connection> connection;
};

/// Opens a connection for the ticket's sake: waits for politeness (which counts it), asks the ticket's
/// ledger once more, then connects to exactly the ticket's address within `timeout`, which does not
/// count the waiting. The connection gives its politeness permit back when it is destroyed.
Task<Connected> connect(
    Runtime& runtime,
    Politeness& politeness,
    model::ScopeTicket ticket,
    std::uint16_t port,
    Deadline deadline,
    std::chrono::milliseconds timeout = std::chrono::seconds(10)
);

} // namespace fengsui::net
