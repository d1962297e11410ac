#include "net/http_client.h"

#include "base/error.h"
#include "base/time.h"
#include "net/http_exchange.h"
#include "net/politeness.h"
#include "net/runtime.h"

namespace fengsui::net {

namespace {

constexpr auto kPauseAfterReset = std::chrono::seconds(1);
constexpr std::chrono::seconds kMaxRetryAfter{120};
constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

bool is_overload(const model::HttpExchange& exchange) {
    return exchange.outcome.is_completed()
           && (exchange.status == kTooManyRequests || exchange.status == kUnavailable);
}

/// A session's buffers serve one request at a time.
class BusyMark {
public:
    explicit BusyMark(bool& is_busy) : is_busy_(is_busy) {
        FENGSUI_CHECK(!is_busy_, "one request at a time on a session");
        is_busy_ = true;
    }
    ~BusyMark() { is_busy_ = false; }
    BusyMark(const BusyMark&) = delete;
    BusyMark& operator=(const BusyMark&) = delete;

private:
    bool& is_busy_;
};

} // namespace

std::string_view to_string(HttpMethod method) {
    switch (method) {
    case HttpMethod::get:
        return "GET";
    case HttpMethod::head:
        return "HEAD";
    case HttpMethod::options:
        return "OPTIONS";
    }
    return "GET";
}

struct HttpSession::State {
    State(
        Runtime& its_runtime,
        Politeness& its_politeness,
        HttpClientOptions its_options,
        model::ScopeTicket its_ticket
    )
        : runtime(its_runtime),
          politeness(its_politeness),
          options(std::move(its_options)),
          ticket(std::move(its_ticket)) {}

    /// One request, on a fresh connection when the kept one turns out to be dead.
    Task<model::HttpExchange> attempt(const HttpRequest& request, Deadline deadline);
    Task<model::Outcome> open(Deadline deadline);
    Task<model::Outcome> start_tls(Deadline deadline);
    /// Waits for politeness and permission; completed when the request may be written.
    Task<model::Outcome> admit(Deadline deadline);
    Task<> converse(const HttpRequest& request, model::HttpExchange& exchange, Deadline deadline);
    /// Tells politeness what the server said; the wait after which to ask once more, if there is one.
    std::optional<std::chrono::seconds> take_advice(const model::HttpExchange& exchange, Deadline deadline);
    void drop_connection();
    [[nodiscard]] bool is_connected() const { return connection && connection->is_open(); }

    Runtime& runtime;
    Politeness& politeness;
    HttpClientOptions options;
    model::ScopeTicket ticket;
    model::Scheme scheme = model::Scheme::http;
    std::string host;
    std::uint16_t port = 0;

    std::unique_ptr<Connection> connection;
    std::optional<TlsSession> tls;
    std::uint64_t past_bytes = 0;
    HttpReader reader;
    std::string request_bytes;
    bool is_busy = false;
};

void HttpSession::State::drop_connection() {
    if (connection) {
        past_bytes += connection->bytes_read();
        connection.reset();
    }
}

Task<model::Outcome> HttpSession::State::start_tls(Deadline deadline) {
    TlsClientOptions tls_options;
    tls_options.server_name = host;
    TlsSession session;
    connection->set_deadline(deadline.within(options.connect_timeout));
    const model::Outcome outcome = co_await connection->start_tls(std::move(tls_options), session);
    if (outcome.is_completed() && !tls) {
        tls = std::move(session);
    }
    co_return outcome;
}

Task<model::Outcome> HttpSession::State::open(Deadline deadline) {
    drop_connection();
    Connected connected =
        co_await connect(runtime, politeness, ticket, port, deadline, options.connect_timeout);
    if (!connected.outcome.is_completed()) {
        co_return connected.outcome;
    }
    connection = std::move(connected.connection);
    if (scheme == model::Scheme::https) {
        const model::Outcome outcome = co_await start_tls(deadline);
        if (!outcome.is_completed()) {
            drop_connection();
            co_return outcome;
        }
    }
    co_return model::completed();
}

Task<model::Outcome> HttpSession::State::admit(Deadline deadline) {
    connection->set_deadline(Deadline()); // waiting for our own turn is not the server's slowness
    const model::Outcome admitted = co_await politeness.admit_request(ticket.address(), deadline);
    if (!admitted.is_completed()) {
        co_return admitted;
    }
    const auto objection = ticket.confirm();
    co_return objection == model::Reason::none ? model::completed() : model::refused(objection);
}

Task<> HttpSession::State::converse(
    const HttpRequest& request, model::HttpExchange& exchange, Deadline deadline
) {
    connection->set_deadline(deadline.within(options.exchange_timeout));
    request_bytes.clear();
    append_request(request, options.user_agent, request_bytes);
    const auto begun = Deadline::Clock::now();
    const Transfer sent = co_await connection->write(request_bytes);
    bool is_reusable = false;
    if (sent.outcome.is_completed()) {
        is_reusable = co_await reader.read(*connection, request, exchange);
    } else {
        exchange.outcome = sent.outcome;
    }
    if (tls) {
        connection->update_tls(*tls);
    }
    exchange.seconds = std::chrono::duration<double>(Deadline::Clock::now() - begun).count();
    if (runtime.is_traffic_stopped()) {
        exchange.outcome = model::skipped(model::Reason::stopped);
    }
    if (!is_reusable) {
        drop_connection();
    } else {
        connection->set_deadline(Deadline()); // kept open between requests for as long as the server likes
    }
}

Task<model::HttpExchange> HttpSession::State::attempt(const HttpRequest& request, Deadline deadline) {
    model::HttpExchange exchange;
    exchange.method = to_string(request.method);
    exchange.url = request.url;
    exchange.address = ticket.address();
    for (bool may_retry = true;; may_retry = false) {
        const bool is_reused = is_connected();
        exchange.outcome = is_reused ? model::completed() : model::skipped(model::Reason::stopped);
        if (!is_reused) {
            exchange.outcome = co_await open(deadline);
        }
        if (exchange.outcome.is_completed()) {
            exchange.outcome = co_await admit(deadline);
        }
        if (!exchange.outcome.is_completed()) {
            co_return exchange;
        }
        co_await converse(request, exchange, deadline);
        // A kept connection that the server closed meanwhile says nothing about this request (RFC
        // 9112 9.3.1).
        const bool was_stale = is_reused && exchange.outcome == model::not_reached(model::Reason::reset)
                               && !reader.has_received();
        if (!was_stale || !may_retry) {
            co_return exchange;
        }
    }
}

std::optional<std::chrono::seconds> HttpSession::State::take_advice(
    const model::HttpExchange& exchange, Deadline deadline
) {
    if (!is_overload(exchange)) {
        if (exchange.outcome.is_completed()) {
            politeness.report_success(ticket.address());
        } else if (exchange.outcome == model::not_reached(model::Reason::reset)) {
            // A guest who is shown the door waits a moment; but other names on the address did nothing.
            politeness.report_overload(ticket.address(), kPauseAfterReset);
        }
        return std::nullopt;
    }
    const auto wait = parse_retry_after(exchange.header("Retry-After"), base::now());
    politeness.report_overload(ticket.address(), wait);
    const bool fits = wait && *wait <= kMaxRetryAfter && Deadline::Clock::now() + *wait < deadline.at();
    return fits ? wait : std::nullopt;
}

// One parameter over the budget: three services and the four facts of an origin that the ticket permits.
// NOLINTNEXTLINE(readability-function-size)
HttpSession::HttpSession(
    Runtime& runtime,
    Politeness& politeness,
    const HttpClientOptions& options,
    model::ScopeTicket ticket,
    model::Scheme scheme,
    std::string host,
    std::uint16_t port
)
    : state_(std::make_unique<State>(runtime, politeness, options, std::move(ticket))) {
    state_->scheme = scheme;
    state_->host = std::move(host);
    state_->port = port;
}

HttpSession::~HttpSession() = default;

Task<model::HttpExchange> HttpSession::fetch(HttpRequest request, Deadline deadline) {
    const BusyMark mark(state_->is_busy);
    model::HttpExchange exchange = co_await state_->attempt(request, deadline);
    const auto wait = state_->take_advice(exchange, deadline);
    if (wait) {
        // Politeness now holds every request to that address back for as long as was asked.
        model::HttpExchange again = co_await state_->attempt(request, deadline);
        state_->take_advice(again, deadline);
        if (again.outcome != model::skipped(model::Reason::deadline)) {
            exchange = std::move(again);
        }
    }
    if (exchange.outcome.is_completed() && exchange.status == kTooManyRequests) {
        exchange.outcome = model::not_reached(model::Reason::rate_limited);
    }
    co_return exchange;
}

const std::optional<TlsSession>& HttpSession::tls() const {
    return state_->tls;
}

std::uint64_t HttpSession::bytes() const {
    return state_->past_bytes + (state_->connection ? state_->connection->bytes_read() : 0);
}

void HttpSession::close() {
    state_->drop_connection();
}

} // namespace fengsui::net
