#include "net/service_client.h"

#include "net/runtime.h"
#include "net/service_trust.h"
#include "net/socket/endpoint.h"
#include "net/socket/socket_connection.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace fengsui::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::seconds kConnect{10};
constexpr std::chrono::seconds kHandshake{20};
constexpr std::chrono::seconds kResolve{15};
constexpr std::size_t kMaxAddresses = 6;

/// One name being looked up on Asio's resolver thread; the asker may give up waiting for it.
struct Lookup {
    explicit Lookup(asio::io_context& io) : resolver(io), answered(io) {}
    tcp::resolver resolver;
    asio::steady_timer answered;
    bool is_done = false;
    std::string trouble = "the name was not resolved in time";
    std::vector<model::IpAddress> addresses;

    void take(const boost::system::error_code& error, const tcp::resolver::results_type& results) {
        is_done = true;
        trouble = error ? "the name cannot be resolved: " + error.message() : std::string();
        for (const auto& entry : results) {
            const auto address = from_asio(entry.endpoint().address());
            const bool is_known = std::find(addresses.begin(), addresses.end(), address) != addresses.end();
            if (!is_known && addresses.size() < kMaxAddresses) {
                addresses.push_back(address);
            }
        }
        answered.cancel();
    }
};

} // namespace

struct ServiceClient::State {
    State(Runtime& its_runtime, const std::optional<std::filesystem::path>& roots)
        : runtime(its_runtime), trust(roots) {}

    Task<std::shared_ptr<Lookup>> resolve(std::string host, Deadline deadline);
    Task<model::Outcome> try_address(
        SocketConnection& connection, model::IpAddress address, std::uint16_t port, Deadline deadline
    );
    void remember(const std::shared_ptr<SocketCore>& core);

    Runtime& runtime;
    ServiceTrust trust;
    bool is_stopped = false;
    std::vector<std::weak_ptr<SocketCore>> open; ///< owned by their connections
    std::vector<std::weak_ptr<Lookup>> lookups;
};

void ServiceClient::State::remember(const std::shared_ptr<SocketCore>& core) {
    std::erase_if(open, [](const auto& known) { return known.expired(); });
    open.push_back(core);
}

Task<std::shared_ptr<Lookup>> ServiceClient::State::resolve(std::string host, Deadline deadline) {
    // Shared with the resolver's handler, which may come after the asker has gone.
    auto lookup = std::make_shared<Lookup>(runtime.io());
    if (const auto literal = model::IpAddress::parse(host)) {
        lookup->trouble.clear();
        lookup->addresses.push_back(*literal);
        co_return lookup;
    }
    std::erase_if(lookups, [](const auto& known) { return known.expired(); });
    lookups.push_back(lookup);
    lookup->answered.expires_at(deadline.within(kResolve).at());
    lookup->resolver.async_resolve(host, "", [lookup](const auto& error, const auto& results) {
        lookup->take(error, results);
    });
    boost::system::error_code ignored; // cancelled means answered, or stopped
    while (!lookup->is_done && !is_stopped && Deadline::Clock::now() < lookup->answered.expiry()) {
        co_await lookup->answered.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    lookup->resolver.cancel();
    co_return lookup;
}

Task<model::Outcome> ServiceClient::State::try_address(
    SocketConnection& connection, model::IpAddress address, std::uint16_t port, Deadline deadline
) {
    remember(connection.core());
    connection.set_deadline(deadline.within(kConnect));
    const model::Outcome outcome = co_await connection.connect_to(address, port);
    connection.set_deadline(deadline);
    co_return outcome;
}

ServiceClient::ServiceClient(Runtime& runtime, const std::optional<std::filesystem::path>& trust)
    : state_(std::make_unique<State>(runtime, trust)) {}

ServiceClient::~ServiceClient() = default;

Runtime& ServiceClient::runtime() const {
    return state_->runtime;
}

Task<ServiceConnected> ServiceClient::connect(model::ServicePass pass, Deadline deadline) {
    ServiceConnected result;
    const auto found = co_await state_->resolve(pass.host(), deadline);
    result.trouble = found->trouble;
    for (const auto& address : found->addresses) {
        if (state_->is_stopped || deadline.has_passed()) {
            result.trouble = state_->is_stopped ? "stopped" : "out of time";
            break;
        }
        auto connection = std::make_unique<SocketConnection>(tcp::socket(state_->runtime.io()));
        const model::Outcome outcome =
            co_await state_->try_address(*connection, address, pass.port(), deadline);
        if (outcome.is_completed()) {
            result.trouble.clear();
            result.connection = std::move(connection);
            break;
        }
        result.trouble = fmt::format("{}:{}: {}", address.url_host(), pass.port(), trouble_text(outcome));
    }
    co_return result;
}

Task<std::string> ServiceClient::secure(
    Connection& connection, std::string host, std::string alpn, Deadline deadline
) {
    TlsClientOptions options;
    options.server_name = host;
    options.allow_legacy = false;
    options.alpn = std::move(alpn);
    TlsSession session;
    connection.set_deadline(deadline.within(kHandshake));
    const model::Outcome outcome = co_await connection.start_tls(std::move(options), session);
    connection.set_deadline(deadline);
    if (!outcome.is_completed()) {
        co_return "TLS handshake: " + trouble_text(outcome);
    }
    const std::string objection = state_->trust.objection(session.certificates, host);
    co_return objection.empty() ? objection : fmt::format("TLS certificate for {}: {}", host, objection);
}

void ServiceClient::stop() {
    state_->is_stopped = true;
    for (const auto& known : state_->lookups) {
        if (const auto lookup = known.lock()) {
            lookup->answered.cancel();
        }
    }
    for (const auto& known : state_->open) {
        if (const auto core = known.lock()) {
            core->end(EndCause::stopped);
        }
    }
}

std::string trouble_text(const model::Outcome& outcome) {
    switch (outcome.reason) {
    case model::Reason::refused:
        return "connection refused";
    case model::Reason::timeout:
        return "timed out or no route";
    case model::Reason::reset:
        return "connection closed by the other side";
    case model::Reason::tls_failed:
        return "TLS failed";
    case model::Reason::http_invalid:
        return "the answer is not of this protocol";
    case model::Reason::stopped:
        return "stopped";
    default:
        return std::string(to_string(outcome.reason));
    }
}

} // namespace fengsui::net
