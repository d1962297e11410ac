// One GET, HEAD or OPTIONS on a permitted address. Nothing here can send a body or another method.
#pragma once

#include "model/http.h"
#include "net/connection.h"
#include "net/http_decode.h"

#include <optional>

namespace fengsui::net {

enum class HttpMethod : std::uint8_t { get, head, options };
std::string_view to_string(HttpMethod method);

struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    model::Url url;
    model::HttpHeaders extra; ///< Accept and the like; Host, User-Agent, Connection are the client's own
    HttpLimits limits;
    std::string user_agent_note; ///< appended to our own name, never in its place
};

struct HttpClientOptions {
    std::string user_agent; ///< Fengsui/VERSION (+contact)
    std::chrono::milliseconds connect_timeout{10000};
    std::chrono::milliseconds exchange_timeout{15000};
};

/// Keep-alive conversation with one scheme, host, port on one ticket's address: connects when first
/// needed and again when the server has closed. The TLS session of the first handshake is kept.
class HttpSession {
public:
    HttpSession(
        Runtime& runtime,
        Politeness& politeness,
        const HttpClientOptions& options,
        model::ScopeTicket ticket,
        model::Scheme scheme,
        std::string host,
        std::uint16_t port
    );
    ~HttpSession();

    /// One request on a connection, both counted by politeness; the ticket's ledger is asked before each.
    /// The exchange's outcome tells what happened; 429 and 503 are reported to politeness, and when the
    /// server asks for a wait that fits the deadline the request is made once more after it.
    Task<model::HttpExchange> fetch(HttpRequest request, Deadline deadline);

    /// What the first handshake showed; empty before, or over plain TCP.
    [[nodiscard]] const std::optional<TlsSession>& tls() const;
    [[nodiscard]] std::uint64_t bytes() const; ///< received over all connections
    void close();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::net
