// The HTTP server of `serve` (Boost.Beast inside). Limits of contract_rest.md 6.1 are enforced here.
#pragma once

#include "model/address.h"
#include "model/http.h"
#include "net/task.h"

#include <functional>
#include <memory>
#include <string>

namespace fengsui::net {

class Runtime;

struct ServerRequest {
    std::string method;
    std::string target; ///< as sent: path and query
    std::string path;   ///< percent-decoded, UTF-8; a bad encoding is answered 400 before the handler
    std::vector<std::pair<std::string, std::string>> query; ///< decoded
    model::HttpHeaders headers;
    std::string body;
    model::IpAddress remote;

    [[nodiscard]] const std::string* header(std::string_view name) const {
        return model::find_header(headers, name);
    }
    [[nodiscard]] const std::string* parameter(std::string_view name) const;
};

/// Writes pieces of an endless answer (server-sent events); false when the client has gone or we stop.
class ResponseStream {
public:
    ResponseStream() = default;
    virtual ~ResponseStream() = default;
    ResponseStream(const ResponseStream&) = delete;
    ResponseStream& operator=(const ResponseStream&) = delete;
    virtual Task<bool> write(std::string piece) = 0;
};

struct ServerResponse {
    int status = 200;
    model::HttpHeaders headers; ///< Content-Length, Date, Connection are the server's own
    std::string body;
    /// When set: the head is sent, then this runs until it returns.
    std::function<Task<>(ResponseStream&)> stream;
};

struct HttpServerOptions {
    std::size_t max_head = std::size_t{32} * 1024;
    std::size_t max_body = std::size_t{16} * 1024 * 1024;
    std::chrono::seconds head_timeout{10};
    std::chrono::seconds body_timeout{30};
    std::chrono::seconds idle_timeout{60};
    unsigned max_connections = 500;
};

/// Never throws; what leaves it as an exception becomes 500.
using RequestHandler = std::function<Task<ServerResponse>(ServerRequest)>;
/// Answers for requests that cannot be read (400, 408, 413, 431): gives the problem+json body.
using ProblemBody = std::function<std::string(int status)>;

class HttpServer {
public:
    HttpServer(
        Runtime& runtime,
        const model::IpAddress& address,
        std::uint16_t port,
        HttpServerOptions options,
        RequestHandler handler,
        ProblemBody problem
    );
    ~HttpServer();
    [[nodiscard]] std::uint16_t port() const;
    /// No new connections; those open end after their answer.
    void stop();

private:
    struct State;
    std::shared_ptr<State> state_; ///< shared with the connections under way
};

} // namespace fengsui::net
