#include "net/http_server.h"

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "net/http_target.h"
#include "net/listener.h"
#include "net/runtime.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace fengsui::net {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadStep = std::size_t{16} * 1024;
constexpr std::size_t kWritePiece = std::size_t{256} * 1024; // each has its own time limit
constexpr std::size_t kMaxChunkHeader = std::size_t{64} * 1024;
constexpr std::size_t kMaxDrained = std::size_t{64} * 1024 * 1024;
constexpr std::chrono::seconds kDrainTime{3};
constexpr std::chrono::milliseconds kDrainSilence{300};
constexpr std::chrono::milliseconds kLastCall{500}; // serve ends within a second of its signal

using ServerParser = http::request_parser<http::string_body>;

int status_of(const error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return 431;
    }
    return error == http::error::body_limit ? 413 : 400;
}

std::size_t count_fields(const ServerParser& parser, http::field name) {
    const auto [first, last] = parser.get().equal_range(name);
    return static_cast<std::size_t>(std::distance(first, last));
}

/// Framing that two servers could read in two ways (RFC 9112 11.2), and a Host missing or doubled (3.2).
bool is_ambiguous(const ServerParser& parser) {
    const auto lengths = count_fields(parser, http::field::content_length);
    const auto codings = count_fields(parser, http::field::transfer_encoding);
    const auto hosts = count_fields(parser, http::field::host);
    const auto& request = parser.get();
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0)) {
        return true;
    }
    if (lengths > 0) {
        const auto length = request[http::field::content_length]; // Beast would take "3, 3"
        if (!std::all_of(length.begin(), length.end(), base::is_digit)) {
            return true;
        }
    }
    if (codings > 0) {
        const auto coding = request[http::field::transfer_encoding];
        return request.version() < 11
               || !base::iequals(base::trim({coding.data(), coding.size()}), "chunked");
    }
    return hosts > 1 || (hosts == 0 && request.version() >= 11);
}

bool is_own_response_header(std::string_view name) {
    static constexpr std::string_view kOwn[] = {"Content-Length", "Date", "Connection", "Transfer-Encoding"};
    return std::any_of(std::begin(kOwn), std::end(kOwn), [name](auto own) {
        return base::iequals(own, name);
    });
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// How an answer's end shows, which the request decides.
struct Delivery {
    bool is_http_1_0 = false;
    bool is_head = false;
    bool keeps_alive = false;
};

bool has_no_body(int status) {
    return status / 100 == 1 || status == 204 || status == 304;
}

void append_framing(const ServerResponse& response, const Delivery& delivery, std::string& out) {
    if (response.stream) {
        out += delivery.is_http_1_0 ? "" : "Transfer-Encoding: chunked\r\n";
    } else if (!has_no_body(response.status)) {
        out += fmt::format("Content-Length: {}\r\n", response.body.size());
    }
    if (!delivery.keeps_alive) {
        out += "Connection: close\r\n";
    } else if (delivery.is_http_1_0) {
        out += "Connection: keep-alive\r\n";
    }
}

std::string response_head(const ServerResponse& response, const Delivery& delivery) {
    const auto phrase = http::obsolete_reason(static_cast<http::status>(response.status));
    std::string out =
        fmt::format("HTTP/1.1 {} {}\r\n", response.status, std::string_view(phrase.data(), phrase.size()));
    for (const auto& header : response.headers) {
        if (is_own_response_header(header.name)) {
            continue;
        }
        if (has_line_break(header.name) || has_line_break(header.value)) {
            base::log_error("a response header with a line break was left out");
            continue;
        }
        out.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    out.append("Date: ").append(base::format_http_date(base::now())).append("\r\n");
    append_framing(response, delivery, out);
    out += "\r\n";
    return out;
}

} // namespace

const std::string* ServerRequest::parameter(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) {
            return &value;
        }
    }
    return nullptr;
}

struct HttpServer::State {
    HttpServerOptions options;
    RequestHandler handler;
    ProblemBody problem;
    std::unique_ptr<TcpListener> listener;
    std::set<Connection*> reading; ///< those whose request is not whole: closed at once when we stop
    std::set<Connection*> open;    ///< all: closed a moment later
    std::unique_ptr<boost::asio::steady_timer> last_call;
    bool is_stopping = false;

    [[nodiscard]] ServerResponse problem_response(int status) const {
        return {status, {{"Content-Type", "application/problem+json"}}, problem(status), {}};
    }
};

namespace {

/// One connection's requests, one after another.
template <class State>
class Conversation final : public ResponseStream {
public:
    Conversation(State& state, Connection& connection) : state_(state), connection_(connection) {}

    Task<> run();
    Task<> refuse(int status);
    Task<bool> write(std::string piece) override;

private:
    /// What reading came to.
    struct Reading {
        bool is_whole = false;
        int problem = 0; ///< the status that says why not; 0: the client has gone
    };

    Task<Reading> read(ServerParser& parser, ServerRequest& request);
    Task<Reading> read_head(ServerParser& parser);
    Task<Reading> read_body(ServerParser& parser);
    Task<bool> wait_for_request();
    Task<bool> fill(std::size_t limit);
    void skip_blank_lines(const ServerParser& parser);
    std::size_t put(ServerParser& parser, error_code& error);
    int take_head(const ServerParser& parser, ServerRequest& request);
    Task<ServerResponse> handle(ServerRequest request);
    Task<bool> send(ServerResponse response);
    Task<bool> send_bytes(std::string_view bytes);
    Task<> stream(ServerResponse& response);
    Task<> drain();
    [[nodiscard]] std::size_t unread() const { return end_ - begin_; }

    State& state_;
    Connection& connection_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool is_first_ = true;
    bool is_broken_ = false; ///< a write failed
    Delivery delivery_;
};

template <class State>
Task<bool> Conversation<State>::fill(std::size_t limit) {
    if (begin_ > 0) {
        buffer_.erase(0, begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ > limit) {
        co_return false;
    }
    buffer_.resize(std::max(buffer_.size(), end_ + kReadStep));
    const Transfer got = co_await connection_.read_some(buffer_.data() + end_, buffer_.size() - end_);
    end_ += got.bytes;
    co_return got.outcome.is_completed() && got.bytes > 0;
}

template <class State>
Task<bool> Conversation<State>::wait_for_request() {
    if (unread() > 0) {
        co_return true;
    }
    if (state_.is_stopping) {
        co_return false;
    }
    connection_.set_deadline(
        Deadline::in(is_first_ ? state_.options.head_timeout : state_.options.idle_timeout)
    );
    co_return co_await fill(0);
}

/// Old clients send a line break too many after a body (RFC 9112 2.2).
template <class State>
void Conversation<State>::skip_blank_lines(const ServerParser& parser) {
    while (!parser.got_some() && unread() > 0 && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) {
        ++begin_;
    }
}

template <class State>
std::size_t Conversation<State>::put(ServerParser& parser, error_code& error) {
    const boost::asio::const_buffer bytes(buffer_.data() + begin_, unread());
    const std::size_t taken = parser.put(bytes, error);
    begin_ += taken;
    return taken;
}

template <class State>
Task<typename Conversation<State>::Reading> Conversation<State>::read_head(ServerParser& parser) {
    const bool has_come = co_await wait_for_request();
    if (!has_come) {
        co_return Reading{};
    }
    is_first_ = false;
    connection_.set_deadline(Deadline::in(state_.options.head_timeout));
    std::size_t taken = 0; // Beast's own limit holds for each field alone when a head comes in pieces
    while (!parser.is_header_done()) {
        skip_blank_lines(parser);
        error_code error;
        if (unread() > 0) {
            taken += put(parser, error);
        }
        if (taken > state_.options.max_head) {
            co_return Reading{false, 431};
        }
        if (error && error != http::error::need_more) {
            co_return Reading{false, status_of(error)};
        }
        if (parser.is_header_done()) {
            break;
        }
        if (taken + unread() > state_.options.max_head) {
            co_return Reading{false, 431};
        }
        const bool has_more = co_await fill(state_.options.max_head);
        if (!has_more) {
            co_return Reading{};
        }
    }
    co_return Reading{true, 0};
}

/// Copies the head before trailers can be added to it; the status of what is wrong with it, or 0.
template <class State>
int Conversation<State>::take_head(const ServerParser& parser, ServerRequest& request) {
    const auto& message = parser.get();
    delivery_ = {message.version() < 11, message.method() == http::verb::head, parser.keep_alive()};
    if (is_ambiguous(parser)) {
        return 400;
    }
    request.method = delivery_.is_head ? "GET" : std::string(message.method_string());
    request.target = std::string(message.target());
    request.remote = connection_.remote_address();
    for (const auto& field : message) {
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    HttpTarget target;
    if (!decode_target(request.target, target)) {
        return 400;
    }
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    return 0;
}

template <class State>
Task<typename Conversation<State>::Reading> Conversation<State>::read_body(ServerParser& parser) {
    connection_.set_deadline(Deadline::in(state_.options.body_timeout));
    const auto expect = parser.get()[http::field::expect];
    if (!parser.is_done() && unread() == 0 && base::iequals({expect.data(), expect.size()}, "100-continue")) {
        co_await send_bytes("HTTP/1.1 100 Continue\r\n\r\n");
    }
    parser.eager(true);
    while (!parser.is_done()) {
        error_code error;
        if (unread() > 0) {
            put(parser, error);
        } else {
            error = http::error::need_more;
        }
        if (error && error != http::error::need_more) {
            co_return Reading{false, status_of(error)};
        }
        const bool needs_more = error == http::error::need_more || unread() == 0;
        if (!parser.is_done() && needs_more) {
            const bool has_more = co_await fill(kMaxChunkHeader);
            if (!has_more) {
                co_return Reading{false, unread() > kMaxChunkHeader ? 400 : 0};
            }
        }
    }
    co_return Reading{true, 0};
}

template <class State>
Task<typename Conversation<State>::Reading> Conversation<State>::read(
    ServerParser& parser, ServerRequest& request
) {
    parser.header_limit(static_cast<std::uint32_t>(state_.options.max_head));
    parser.body_limit(state_.options.max_body);
    Reading reading = co_await read_head(parser);
    if (!reading.is_whole) {
        co_return reading;
    }
    const int problem = take_head(parser, request);
    if (problem != 0) {
        co_return Reading{false, problem};
    }
    reading = co_await read_body(parser);
    request.body = std::move(parser.get().body());
    co_return reading;
}

template <class State>
Task<ServerResponse> Conversation<State>::handle(ServerRequest request) {
    connection_.set_deadline(Deadline()); // our own slowness is not the client's
    const auto what =
        fmt::format("{} {}", request.method, base::shorten(base::scrub_utf8(request.path), 200));
    try {
        co_return co_await state_.handler(std::move(request));
    } catch (const std::exception& error) {
        base::log_error(fmt::format("{}: {}", what, error.what()));
    }
    co_return state_.problem_response(500);
}

template <class State>
Task<bool> Conversation<State>::send_bytes(std::string_view bytes) {
    while (!bytes.empty() && !is_broken_) {
        const auto piece = bytes.substr(0, kWritePiece);
        connection_.set_deadline(Deadline::in(state_.options.body_timeout));
        const Transfer sent = co_await connection_.write(piece);
        is_broken_ = !sent.outcome.is_completed();
        bytes.remove_prefix(piece.size());
    }
    co_return !is_broken_;
}

template <class State>
Task<bool> Conversation<State>::write(std::string piece) {
    if (state_.is_stopping || is_broken_) {
        co_return false;
    }
    if (piece.empty()) {
        co_return true;
    }
    if (!delivery_.is_http_1_0) {
        piece = fmt::format("{:x}\r\n", piece.size()) + piece + "\r\n";
    }
    const bool is_sent = co_await send_bytes(piece);
    connection_.set_deadline(Deadline());
    co_return is_sent;
}

template <class State>
Task<> Conversation<State>::stream(ServerResponse& response) {
    connection_.set_deadline(Deadline());
    try {
        co_await response.stream(*this);
    } catch (const std::exception& error) {
        base::log_error(fmt::format("a response stream ended early: {}", error.what()));
        is_broken_ = true; // without its last chunk the client can tell
    }
    if (!is_broken_ && !delivery_.is_http_1_0) {
        co_await send_bytes("0\r\n\r\n");
    }
}

/// True when the connection can carry another request.
template <class State>
Task<bool> Conversation<State>::send(ServerResponse response) {
    delivery_.keeps_alive =
        delivery_.keeps_alive && !state_.is_stopping && !(response.stream && delivery_.is_http_1_0);
    auto bytes = response_head(response, delivery_);
    const bool has_body = !delivery_.is_head && !has_no_body(response.status);
    if (has_body && !response.stream && response.body.size() <= kWritePiece) {
        bytes += response.body;
        response.body.clear();
    }
    co_await send_bytes(bytes);
    if (has_body && response.stream) {
        co_await stream(response);
    } else if (has_body) {
        co_await send_bytes(response.body);
    }
    co_return delivery_.keeps_alive && !is_broken_;
}

/// Lets the client read our refusal: closing over unread bytes would reset the connection (RFC 9112 9.6).
template <class State>
Task<> Conversation<State>::drain() {
    const Deadline until = Deadline::in(kDrainTime);
    std::size_t drained = 0;
    while (drained < kMaxDrained) {
        begin_ = end_ = 0;
        connection_.set_deadline(until.within(kDrainSilence));
        const bool has_more = co_await fill(0);
        if (!has_more) {
            co_return;
        }
        drained += end_;
    }
}

template <class State>
Task<> Conversation<State>::refuse(int status) {
    delivery_.keeps_alive = false;
    ServerResponse response = state_.problem_response(status);
    co_await send(std::move(response));
    if (!is_broken_) {
        co_await drain();
    }
}

template <class State>
Task<> Conversation<State>::run() {
    bool goes_on = true;
    while (goes_on) {
        ServerParser parser;
        ServerRequest request;
        state_.reading.insert(&connection_);
        const Reading reading = co_await read(parser, request);
        state_.reading.erase(&connection_);
        if (!reading.is_whole) {
            if (reading.problem != 0) {
                co_await refuse(reading.problem);
            }
            co_return;
        }
        ServerResponse response = co_await handle(std::move(request));
        goes_on = co_await send(std::move(response));
    }
}

/// A connection's place among the open ones, given up however it ends.
template <class State>
class Place {
public:
    Place(State& state, Connection& connection) : state_(state), connection_(connection) {
        state_.open.insert(&connection_);
    }
    ~Place() {
        state_.open.erase(&connection_);
        state_.reading.erase(&connection_);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    State& state_;
    Connection& connection_;
};

template <class State>
Task<> converse(std::shared_ptr<State> state, std::unique_ptr<Connection> connection) {
    const Place place(*state, *connection);
    Conversation<State> conversation(*state, *connection);
    if (state->open.size() > state->options.max_connections) {
        co_await conversation.refuse(503);
    } else {
        co_await conversation.run();
    }
    connection->close();
}

void close_all(const std::set<Connection*>& connections) {
    for (auto* connection : connections) {
        connection->close();
    }
}

} // namespace

HttpServer::HttpServer(
    Runtime& runtime,
    const model::IpAddress& address,
    std::uint16_t port,
    HttpServerOptions options,
    RequestHandler handler,
    ProblemBody problem
)
    : state_(std::make_shared<State>()) {
    state_->options = options;
    state_->handler = std::move(handler);
    state_->problem = std::move(problem);
    state_->last_call = std::make_unique<boost::asio::steady_timer>(runtime.io());
    // The listener lives in the state: it must not keep it alive.
    auto on_connection = [weak = std::weak_ptr<State>(state_)](std::unique_ptr<Connection> connection) {
        return converse(weak.lock(), std::move(connection));
    };
    state_->listener = std::make_unique<TcpListener>(runtime, address, port, std::move(on_connection));
}

HttpServer::~HttpServer() {
    stop();
    state_->listener.reset(); // ends what is still open
}

std::uint16_t HttpServer::port() const {
    return state_->listener->port();
}

void HttpServer::stop() {
    state_->is_stopping = true;
    state_->listener->stop_accepting();
    close_all(std::exchange(state_->reading, {}));
    // A client that does not take its answer must not keep us.
    state_->last_call->expires_after(kLastCall);
    state_->last_call->async_wait([weak = std::weak_ptr<State>(state_)](const error_code&) {
        if (const auto state = weak.lock()) {
            close_all(state->open);
        }
    });
}

} // namespace fengsui::net
