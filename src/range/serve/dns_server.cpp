#include "net/runtime.h"
#include "range/serve/servers.h"

#include <array>

namespace fengsui::range {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 20s;
constexpr unsigned kMaxQueries = 100;

/// Messages over TCP have their length before them (RFC 1035 4.2.2).
std::size_t framed_size(const std::string& bytes) {
    if (bytes.size() < 2) {
        return 2;
    }
    return 2
           + (static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8
              | static_cast<unsigned char>(bytes[1]));
}

std::string framed(const std::string& message) {
    const auto size = message.size();
    return std::string{static_cast<char>(size >> 8 & 0xff), static_cast<char>(size & 0xff)} + message;
}

} // namespace

net::Task<> serve_dns(
    std::shared_ptr<Premises> premises, ServerKind kind, std::unique_ptr<net::Connection> connection
) {
    connection->set_deadline(net::Deadline::in(kPatience));
    std::array<char, 4096> buffer{};
    std::string pending;
    for (unsigned count = 0; count < kMaxQueries; ++count) {
        while (pending.size() < framed_size(pending)) {
            const auto transfer = co_await connection->read_some(buffer.data(), buffer.size());
            if (!transfer.outcome.is_completed() || transfer.bytes == 0) {
                co_return;
            }
            pending.append(buffer.data(), transfer.bytes);
        }
        const auto size = framed_size(pending);
        ++premises->counters.queries;
        const auto reply = premises->zones.answer(pending.substr(2, size - 2), kind, 0);
        pending.erase(0, size);
        if (!reply.empty()) {
            const auto bytes = framed(reply);
            co_await connection->write(bytes);
        }
    }
}

} // namespace fengsui::range
