#include "range/serve/hostile.h"

#include "net/runtime.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace fengsui::range {

namespace {

using namespace std::chrono_literals;

constexpr auto kMutePatience = 90s;
constexpr std::size_t kEndlessBytes = 64 << 20; // what "never ends" may cost us
constexpr std::size_t kFloodBytes = 16 << 20;
constexpr std::size_t kPiece = 16 << 10;
constexpr std::size_t kBombBytes = 10 << 20;
constexpr unsigned kManyHeaders = 10000;
constexpr std::size_t kMissingBytes = 5000;
constexpr unsigned kBusyAnswers = 3;

net::Deadline::Clock::time_point soon(std::chrono::milliseconds span) {
    return net::Deadline::Clock::now() + span;
}

/// Sends until the peer has had enough, or `limit` bytes.
net::Task<> pour(std::string piece, std::size_t limit, net::Connection& connection) {
    for (std::size_t sent = 0; sent < limit; sent += piece.size()) {
        const auto transfer = co_await connection.write(piece);
        if (!transfer.outcome.is_completed()) {
            co_return;
        }
    }
}

/// Handshake records that each hold one HelloRequest (RFC 5246 7.4.1.1), which clients pass over.
std::string flood_records() {
    constexpr std::array<char, 9> kRecord = {22, 3, 3, 0, 4, 0, 0, 0, 0};
    std::string piece;
    while (piece.size() + kRecord.size() <= kPiece) {
        piece.append(kRecord.data(), kRecord.size());
    }
    return piece;
}

net::Task<> drip(std::string body, net::Connection& connection, net::Runtime& runtime) {
    for (std::size_t i = 0; i < body.size(); ++i) {
        const std::string byte(1, body[i]);
        const auto transfer = co_await connection.write(byte);
        if (!transfer.outcome.is_completed()) {
            co_return;
        }
        const bool goes_on = co_await runtime.sleep_until(soon(1s));
        if (!goes_on) {
            co_return;
        }
    }
}

std::string more_headers() {
    std::string lines;
    for (unsigned i = 0; i < kManyHeaders; ++i) {
        lines += fmt::format("X-T{}: {}\r\n", i, i * 7 % 100);
    }
    return lines;
}

/// Bytes that are the start of nothing known.
std::string garbage(const Site& site) {
    std::string bytes = "\x01\x8f\x7f";
    for (unsigned i = 0; i < 400; ++i) {
        bytes += static_cast<char>(0x80 | (site.seed >> (i % 48)) % 127);
    }
    return bytes;
}

std::string bomb_body(const std::string& page) {
    return gzip(page + std::string(kBombBytes, ' '));
}

net::Task<> send_bytes(std::string bytes, net::Connection& connection) {
    co_await connection.write(bytes);
}

net::Task<> send(std::string head, std::string body, net::Connection& connection) {
    const auto bytes = head + "\r\n" + body;
    co_await connection.write(bytes);
}

} // namespace

bool is_mute(Hostile kind, bool is_secure) {
    return kind == Hostile::silent || kind == Hostile::reset || (kind == Hostile::record_flood && is_secure);
}

net::Task<> stay_mute(Hostile kind, net::Connection& connection) {
    connection.set_deadline(net::Deadline::in(kMutePatience));
    std::array<char, 4096> buffer{};
    auto transfer = co_await connection.read_some(buffer.data(), buffer.size());
    if (kind == Hostile::reset) {
        connection.abort();
        co_return;
    }
    if (kind == Hostile::record_flood) {
        co_await pour(flood_records(), kFloodBytes, connection);
    }
    // Closing while something is unread would be a reset, which says another thing.
    while (transfer.outcome.is_completed() && transfer.bytes > 0) {
        transfer = co_await connection.read_some(buffer.data(), buffer.size());
    }
}

bool has_own_way(const Site& site, const PageRequest& request, unsigned answered) {
    switch (site.hostile) {
    case Hostile::garbage:
        return true;
    case Hostile::busy_once:
        return request.is_secure && answered == 0;
    case Hostile::overloaded:
        return request.is_secure && answered < kBusyAnswers;
    case Hostile::redirect_loop:
        return request.is_secure && (request.path == "/" || request.path == "/login");
    case Hostile::slow_drip:
    case Hostile::endless:
    case Hostile::gzip_bomb:
    case Hostile::many_headers:
    case Hostile::reset_in_body:
    case Hostile::wrong_length:
        return request.is_secure && request.path == "/" && request.method == "GET";
    default:
        return false;
    }
}

Page busy_page(const Site& site) {
    Page page;
    page.status = site.hostile == Hostile::busy_once ? 429 : 503;
    page.type = "text/plain";
    page.headers.push_back({"Retry-After", "1"});
    return page;
}

Page loop_page(const Site& site, std::string_view path) {
    Page page;
    page.status = 302;
    page.headers.push_back({"Location", site.origin(true) + (path == "/" ? "/login" : "/")});
    return page;
}

net::Task<> answer_badly(
    const Site& site, WireAnswer sound, net::Connection& connection, net::Runtime& runtime
) {
    switch (site.hostile) {
    case Hostile::garbage:
        co_await send_bytes(garbage(site), connection);
        break;
    case Hostile::slow_drip:
        co_await send(sound.head, "", connection);
        co_await drip(sound.body, connection, runtime);
        break;
    case Hostile::endless:
        co_await send(sound.head, sound.body, connection);
        co_await pour(std::string(kPiece, ' '), kEndlessBytes, connection);
        break;
    case Hostile::gzip_bomb:
        co_await send(sound.head + "Content-Encoding: gzip\r\n", bomb_body(sound.body), connection);
        break;
    case Hostile::many_headers:
        co_await send(sound.head + more_headers(), sound.body, connection);
        break;
    case Hostile::reset_in_body:
        co_await send(
            fmt::format("{}Content-Length: {}\r\n", sound.head, sound.body.size()),
            sound.body.substr(0, sound.body.size() / 2),
            connection
        );
        co_await runtime.sleep_until(soon(200ms)); // lets the peer read it: RST discards what is under way
        connection.abort();
        break;
    default:
        co_await send(
            fmt::format("{}Content-Length: {}\r\n", sound.head, sound.body.size() + kMissingBytes),
            sound.body,
            connection
        );
    }
}

} // namespace fengsui::range
