// One request written and one answer read on an open connection. Private to net.
#pragma once

#include "net/http_client.h"

#include <string>

namespace fengsui::net {

/// The request's bytes. Headers of the client's own, and whatever would break the framing, are left out.
void append_request(const HttpRequest& request, const std::string& user_agent, std::string& out);

/// The wait that a Retry-After asks for: seconds or a date (RFC 9110 10.2.3).
std::optional<std::chrono::seconds> parse_retry_after(const std::string* value, base::Instant now);

/// Keeps its buffers from one exchange to the next.
class HttpReader {
public:
    /// Reads an answer into `exchange`; its outcome says how that went. True when the connection can
    /// carry another request.
    Task<bool> read(Connection& connection, const HttpRequest& request, model::HttpExchange& exchange);
    /// Whether anything at all came during the last read.
    [[nodiscard]] bool has_received() const { return has_received_; }

private:
    enum class BodyEnd : std::uint8_t { whole, cut, broken };

    Task<model::Outcome> read_head(Connection& connection, const HttpLimits& limits, HttpHead& head);
    Task<model::Outcome> read_one_head(Connection& connection, const HttpLimits& limits, HttpHead& head);
    Task<Transfer> fill(Connection& connection);
    Task<BodyEnd> read_body(Connection& connection, BodyPlan plan, std::size_t cap);
    /// Takes what the buffer holds for the body; nothing while more is due.
    std::optional<BodyEnd> take(const BodyPlan& plan, std::size_t cap);
    void finish_body(const HttpRequest& request, BodyEnd end, model::HttpExchange& exchange);
    [[nodiscard]] std::string_view unread() const {
        return std::string_view(buffer_).substr(begin_, end_ - begin_);
    }

    std::string buffer_;
    std::size_t begin_ = 0; ///< of the bytes received and not yet used
    std::size_t end_ = 0;
    std::string raw_; ///< body without its framing
    ChunkDecoder chunks_;
    bool has_received_ = false;
};

} // namespace fengsui::net
