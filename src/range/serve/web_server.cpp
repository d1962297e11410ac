#include "net/runtime.h"
#include "range/pages/persona.h"
#include "range/pages/wire.h"
#include "range/serve/hostile.h"
#include "range/serve/servers.h"

#include <array>
#include <optional>

namespace fengsui::range {

namespace {

using namespace std::chrono_literals;

constexpr auto kIdle = 30s;
constexpr auto kAnswerTime = 180s; // the slowest page there is gives up by then
constexpr std::size_t kMaxHead = 16 << 10;
constexpr unsigned kMaxRequests = 200; // on one connection

/// The next request head, blank line included; empty when the peer has gone or sends too much.
net::Task<std::string> read_head(net::Connection& connection, std::string& pending) {
    std::array<char, 4096> buffer{};
    while (true) {
        const auto end = pending.find("\r\n\r\n");
        if (end != std::string::npos) {
            auto head = pending.substr(0, end + 4);
            pending.erase(0, end + 4);
            co_return head;
        }
        if (pending.size() > kMaxHead) {
            co_return std::string();
        }
        const auto transfer = co_await connection.read_some(buffer.data(), buffer.size());
        if (!transfer.outcome.is_completed() || transfer.bytes == 0) {
            co_return std::string();
        }
        pending.append(buffer.data(), transfer.bytes);
    }
}

/// The answer of a site that behaves. An unknown Host meets the first site's "no such page".
WireAnswer sound_answer(const Site* site, const Site& first, const ParsedRequest& request) {
    const auto now = base::now();
    if (first.has_mta_sts && request.host == first.policy_host() && request.page.is_secure) {
        return encode_answer(first, request, mta_sts_page(first, request.page.path), now);
    }
    if (site == nullptr) {
        return encode_answer(first, request, not_found_page(first, request.page.path), now);
    }
    return encode_answer(*site, request, render_page(*site, request.page, now), now);
}

/// Sends one answer; false when the connection is to end.
net::Task<bool> answer(
    Premises& premises, const Place& place, ParsedRequest request, net::Connection& connection
) {
    const auto& first = premises.world.sites[place.sites.front()];
    const auto* site = premises.site_at(place, request.host);
    ++premises.counters.requests;
    connection.set_deadline(net::Deadline::in(kAnswerTime));
    auto sound = sound_answer(site, first, request);
    if (site != nullptr && has_own_way(*site, request.page, premises.answered[site->index])) {
        const bool is_busy = site->hostile == Hostile::busy_once || site->hostile == Hostile::overloaded;
        if (!is_busy && site->hostile != Hostile::redirect_loop) {
            co_await answer_badly(*site, std::move(sound), connection, premises.runtime);
            co_return false;
        }
        auto page = is_busy ? busy_page(*site) : loop_page(*site, request.page.path);
        add_policy_headers(*site, request.page.is_secure, page);
        sound = encode_answer(*site, request, std::move(page), base::now());
    }
    if (site != nullptr && request.page.is_secure) {
        ++premises.answered[site->index];
    }
    const auto bytes = sound.head + "\r\n" + sound.body;
    const auto transfer = co_await connection.write(bytes);
    co_return transfer.outcome.is_completed() && !sound.closes;
}

net::Task<> converse(Premises& premises, const Place& place, bool is_secure, net::Connection& connection) {
    std::string pending;
    for (unsigned count = 0; count < kMaxRequests; ++count) {
        connection.set_deadline(net::Deadline::in(kIdle));
        const auto head = co_await read_head(connection, pending);
        auto request = parse_request(head);
        if (!request) {
            co_return;
        }
        request->page.is_secure = is_secure;
        const bool goes_on = co_await answer(premises, place, std::move(*request), connection);
        if (!goes_on) {
            co_return;
        }
    }
}

} // namespace

net::Task<> serve_web(
    std::shared_ptr<Premises> premises, Cover cover, std::unique_ptr<net::Connection> connection
) {
    ++premises->counters.connections;
    const bool is_secure = cover == Cover::tls;
    auto* place = premises->find_place(connection->local_address(), connection->local_port());
    if (place == nullptr) {
        co_return;
    }
    const auto kind = premises->world.sites[place->sites.front()].hostile;
    if (is_mute(kind, is_secure)) {
        co_await stay_mute(kind, *connection);
        co_return;
    }
    if (is_secure) {
        connection->set_deadline(net::Deadline::in(kIdle));
        const auto server = premises->web_tls(*place);
        const auto outcome = co_await connection->accept_tls(*server);
        if (!outcome.is_completed()) {
            co_return;
        }
    }
    co_await converse(*premises, *place, is_secure, *connection);
}

} // namespace fengsui::range
