#include "net/service_http.h"

#include "base/text.h"
#include "net/http_exchange.h"
#include "net/service_client.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::net {

namespace {

constexpr std::chrono::seconds kExchange{30};
constexpr std::size_t kMaxBody = std::size_t{1024} * 1024;
constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);

bool is_sendable(const model::HttpHeader& header) {
    constexpr std::string_view kBreakers("\r\n\0", 3);
    static constexpr std::string_view kOwn[] = {
        "Host", "User-Agent", "Connection", "Content-Length", "Content-Type", "Transfer-Encoding"};
    const bool is_own = std::any_of(std::begin(kOwn), std::end(kOwn), [&](auto own) {
        return base::iequals(own, header.name);
    });
    return !is_own && !header.name.empty() && header.name.find_first_of(": \t") == std::string::npos
           && header.name.find_first_of(kBreakers) == std::string::npos
           && header.value.find_first_of(kBreakers) == std::string::npos;
}

bool is_target(std::string_view path) {
    return path.starts_with('/')
           && std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string request_bytes(const ServiceRequest& request, const model::Url& url) {
    const bool is_post = !request.content_type.empty();
    std::string out = fmt::format(
        "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Fengsui/" FENGSUI_VERSION "\r\nConnection: close\r\n",
        is_post ? "POST" : "GET",
        request.path,
        url.authority()
    );
    for (const auto& header : request.headers) {
        if (is_sendable(header)) {
            out += fmt::format("{}: {}\r\n", header.name, header.value);
        }
    }
    if (is_post) {
        out += fmt::format(
            "Content-Type: {}\r\nContent-Length: {}\r\n", request.content_type, request.body.size()
        );
    }
    return out + "\r\n" + request.body;
}

model::Url url_of(const ServiceRequest& request, const model::ServicePass& pass) {
    model::Url url;
    url.scheme = request.scheme;
    url.host = pass.host();
    url.port = pass.port();
    url.path = request.path;
    return url;
}

void take_exchange(model::HttpExchange exchange, ServiceAnswer& answer) {
    if (!exchange.outcome.is_completed()) {
        answer.trouble = trouble_text(exchange.outcome);
        return;
    }
    answer.status = exchange.status;
    answer.is_body_complete = exchange.body_complete;
    answer.retry_after = parse_retry_after(exchange.header("Retry-After"), base::now());
    if (answer.retry_after) {
        answer.retry_after = std::min(*answer.retry_after, kLongestWait);
    }
    answer.headers = std::move(exchange.headers);
    answer.body = std::move(exchange.body);
}

Task<ServiceAnswer> converse(Connection& connection, std::string bytes, model::Url url) {
    ServiceAnswer answer;
    answer.was_asked = true;
    const Transfer sent = co_await connection.write(bytes);
    // A server may answer and close before it has read the body: what it said counts.
    HttpRequest shape;
    shape.url = std::move(url);
    shape.limits.body = kMaxBody;
    model::HttpExchange exchange;
    exchange.url = shape.url;
    HttpReader reader;
    co_await reader.read(connection, shape, exchange);
    if (!sent.outcome.is_completed() && !exchange.outcome.is_completed()) {
        exchange.outcome = sent.outcome;
    }
    take_exchange(std::move(exchange), answer);
    co_return answer;
}

} // namespace

Task<ServiceAnswer> fetch_from_service(
    ServiceClient& client, model::ServicePass pass, ServiceRequest request, Deadline deadline
) {
    ServiceAnswer answer;
    if (!is_target(request.path)) {
        answer.trouble = "the path cannot be sent";
        co_return answer;
    }
    auto connected = co_await client.connect(pass, deadline);
    if (!connected.connection) {
        answer.trouble = connected.trouble;
        co_return answer;
    }
    const auto url = url_of(request, pass);
    if (request.scheme == model::Scheme::https) {
        answer.trouble = co_await client.secure(*connected.connection, pass.host(), "http/1.1", deadline);
        if (!answer.trouble.empty()) {
            co_return answer;
        }
    }
    connected.connection->set_deadline(deadline.within(kExchange));
    co_return co_await converse(*connected.connection, request_bytes(request, url), url);
}

} // namespace fengsui::net
