#include "net/http_exchange.h"

#include "base/text.h"
#include "base/time.h"

#include <algorithm>
#include <charconv>

namespace fengsui::net {

namespace {

constexpr std::size_t kFirstBuffer = std::size_t{16} * 1024;
constexpr std::size_t kMaxHead = std::size_t{1024} * 1024;
constexpr int kMaxInterim = 5;            // 1xx answers before the real one
constexpr std::size_t kRawPerDecoded = 4; // compressed bytes read for one byte kept, at the very worst

bool is_own_header(std::string_view name) {
    static constexpr std::string_view kOwn[] = {
        "Host", "User-Agent", "Connection", "Content-Length", "Transfer-Encoding"};
    return std::any_of(std::begin(kOwn), std::end(kOwn), [name](auto own) {
        return base::iequals(own, name);
    });
}

bool may_be_sent(const model::HttpHeader& header) {
    constexpr std::string_view kLineBreakers("\r\n\0", 3);
    return !header.name.empty() && header.name.find_first_of(": \t") == std::string::npos
           && header.name.find_first_of(kLineBreakers) == std::string::npos
           && header.value.find_first_of(kLineBreakers) == std::string::npos && !is_own_header(header.name);
}

void append_header(std::string_view name, std::string_view value, std::string& out) {
    out.append(name).append(": ").append(value).append("\r\n");
}

bool wants_close(const HttpHead& head) {
    const auto* connection = model::find_header(head.headers, "Connection");
    if (base::iequals(head.version, "HTTP/1.1")) {
        return connection != nullptr && base::icontains(*connection, "close");
    }
    return connection == nullptr || !base::icontains(*connection, "keep-alive");
}

bool is_content_coded(const model::HttpExchange& exchange) {
    const auto* coding = exchange.header("Content-Encoding");
    return coding != nullptr && !coding->empty();
}

void fill_from_head(HttpHead head, model::HttpExchange& exchange) {
    exchange.outcome = model::completed();
    exchange.status = head.status;
    exchange.version = std::move(head.version);
    exchange.phrase = std::move(head.phrase);
    exchange.headers = std::move(head.headers);
    const auto* location = exchange.header("Location");
    if (head.status / 100 == 3 && location != nullptr) {
        auto target = exchange.url.resolve(*location);
        if (target) {
            exchange.redirect = std::move(*target);
        }
    }
}

} // namespace

void append_request(const HttpRequest& request, const std::string& user_agent, std::string& out) {
    out.append(to_string(request.method))
        .append(" ")
        .append(request.url.request_target())
        .append(" HTTP/1.1\r\n");
    append_header("Host", request.url.authority(), out);
    if (!user_agent.empty()) {
        const bool has_note =
            !request.user_agent_note.empty() && may_be_sent({"Note", request.user_agent_note});
        append_header("User-Agent", has_note ? user_agent + " " + request.user_agent_note : user_agent, out);
    }
    if (model::find_header(request.extra, "Accept") == nullptr) {
        append_header("Accept", "*/*", out);
    }
    if (model::find_header(request.extra, "Accept-Encoding") == nullptr) {
        append_header("Accept-Encoding", "gzip, deflate, br", out);
    }
    for (const auto& header : request.extra) {
        if (may_be_sent(header)) {
            append_header(header.name, header.value, out);
        }
    }
    out += "Connection: keep-alive\r\n\r\n";
}

std::optional<std::chrono::seconds> parse_retry_after(const std::string* value, base::Instant now) {
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto text = base::trim(*value);
    std::uint32_t seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failure == std::errc() && end == text.data() + text.size()) {
        return std::chrono::seconds(seconds);
    }
    const auto date = base::parse_http_date(text);
    if (!date) {
        return std::nullopt;
    }
    return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(*date - now));
}

Task<Transfer> HttpReader::fill(Connection& connection) {
    if (begin_ == end_) {
        begin_ = end_ = 0;
    }
    if (end_ == buffer_.size()) {
        buffer_.resize(std::max(kFirstBuffer, buffer_.size() * 2));
    }
    const Transfer got = co_await connection.read_some(buffer_.data() + end_, buffer_.size() - end_);
    end_ += got.bytes;
    has_received_ = has_received_ || got.bytes > 0;
    co_return got;
}

Task<model::Outcome> HttpReader::read_one_head(
    Connection& connection, const HttpLimits& limits, HttpHead& head
) {
    std::size_t looked = 0;
    bool is_status_known = false;
    while (true) {
        const auto bytes = unread();
        const bool is_whole = find_head_end(bytes, looked < 3 ? 0 : looked - 3) != std::string_view::npos;
        if (is_whole || !is_status_known || bytes.size() > kMaxHead) {
            bool is_incomplete = false;
            auto decoded = decode_http_head(bytes, limits, is_incomplete);
            if (!decoded) {
                co_return model::not_reached(model::Reason::http_invalid);
            }
            if (!is_incomplete) {
                begin_ += decoded->length;
                head = std::move(*decoded);
                co_return model::completed();
            }
            is_status_known = bytes.find('\n', std::min(bytes.size(), bytes.find_first_not_of("\r\n")))
                              != std::string_view::npos;
        }
        looked = bytes.size();
        const Transfer got = co_await fill(connection);
        if (!got.outcome.is_completed()) {
            co_return got.outcome;
        }
        if (got.bytes == 0) {
            co_return model::not_reached(looked > 0 ? model::Reason::http_invalid : model::Reason::reset);
        }
    }
}

Task<model::Outcome> HttpReader::read_head(Connection& connection, const HttpLimits& limits, HttpHead& head) {
    for (int interim = 0; interim <= kMaxInterim; ++interim) {
        const model::Outcome outcome = co_await read_one_head(connection, limits, head);
        // 101 is final: nothing was asked to be switched, and what follows is not HTTP.
        if (!outcome.is_completed() || head.status / 100 != 1 || head.status == 101) {
            co_return outcome;
        }
    }
    co_return model::not_reached(model::Reason::http_invalid);
}

std::optional<HttpReader::BodyEnd> HttpReader::take(const BodyPlan& plan, std::size_t cap) {
    auto bytes = unread();
    if (plan.framing == BodyFraming::chunked) {
        begin_ = end_;
        if (!chunks_.feed(bytes, raw_)) {
            return BodyEnd::broken;
        }
        if (chunks_.is_done()) {
            return BodyEnd::whole;
        }
    } else {
        if (plan.framing == BodyFraming::length) {
            bytes = bytes.substr(
                0, static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), plan.length - raw_.size()))
            );
        }
        raw_ += bytes;
        begin_ += bytes.size();
        if (plan.framing == BodyFraming::length && raw_.size() == plan.length) {
            return BodyEnd::whole;
        }
    }
    return raw_.size() > cap ? std::optional(BodyEnd::cut) : std::nullopt;
}

Task<HttpReader::BodyEnd> HttpReader::read_body(Connection& connection, BodyPlan plan, std::size_t cap) {
    raw_.clear();
    chunks_ = ChunkDecoder();
    while (plan.framing != BodyFraming::none) {
        const auto end = take(plan, cap);
        if (end) {
            co_return *end;
        }
        const Transfer got = co_await fill(connection);
        if (got.bytes == 0) {
            const bool is_orderly = got.outcome.is_completed() && plan.framing == BodyFraming::until_close;
            co_return is_orderly ? BodyEnd::whole : BodyEnd::broken;
        }
    }
    co_return BodyEnd::whole;
}

void HttpReader::finish_body(const HttpRequest& request, BodyEnd end, model::HttpExchange& exchange) {
    bool is_decoded = true;
    if (is_content_coded(exchange)) {
        exchange.body =
            decode_content(raw_, *exchange.header("Content-Encoding"), request.limits.body, is_decoded);
    } else {
        is_decoded = raw_.size() <= request.limits.body;
        exchange.body.assign(raw_, 0, request.limits.body);
    }
    exchange.body_complete = end == BodyEnd::whole && is_decoded;
    exchange.charset = detect_charset(exchange.header("Content-Type"), exchange.body);
}

Task<bool> HttpReader::read(
    Connection& connection, const HttpRequest& request, model::HttpExchange& exchange
) {
    begin_ = end_ = 0;
    has_received_ = false;
    HttpHead head;
    exchange.outcome = co_await read_head(connection, request.limits, head);
    if (!exchange.outcome.is_completed()) {
        co_return false;
    }
    const auto plan = plan_body(to_string(request.method), head);
    const bool is_last = wants_close(head) || head.status == 101 || plan.framing == BodyFraming::until_close;
    fill_from_head(std::move(head), exchange);
    const auto cap = request.limits.body * (is_content_coded(exchange) ? kRawPerDecoded : 1);
    const BodyEnd end = co_await read_body(connection, plan, cap);
    finish_body(request, end, exchange);
    // Bytes beyond the answer belong to nothing we asked: the next answer could not be trusted.
    co_return !is_last && end == BodyEnd::whole && begin_ == end_ && !chunks_.has_excess();
}

} // namespace fengsui::net
