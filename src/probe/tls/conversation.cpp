#include "probe/tls/conversation.h"

#include "base/hash.h"

#include <array>

namespace fengsui::probe::tls {

namespace {

using model::Reason;

constexpr std::chrono::seconds kConnect{10};
constexpr std::chrono::seconds kHandshake{20};
/// Two silences end the asking, so that a tarpit costs no more than half a minute.
constexpr std::chrono::seconds kHello{10};
/// A server that has answered with a ServerHello has the rest of its flight ready.
constexpr std::chrono::seconds kRestOfFlight{5};

net::Task<> read_flight(net::Connection& connection, net::Deadline deadline, HelloAnswer& answer) {
    std::array<char, 4096> buffer{};
    while (answer.flight.state() == ServerFlight::State::reading) {
        connection.set_deadline(answer.flight.has_hello() ? deadline.within(kRestOfFlight) : deadline);
        const auto got = co_await connection.read_some(buffer.data(), buffer.size());
        if (!got.outcome.is_completed() || got.bytes == 0) {
            const bool is_closed = got.outcome.is_completed() || got.outcome.reason == Reason::reset;
            answer.end = is_closed ? HelloEnd::closed : HelloEnd::silent;
            co_return;
        }
        answer.flight.feed({buffer.data(), got.bytes});
    }
    answer.end = HelloEnd::answered;
}

ServerFlight::Dialect dialect_of(std::uint16_t version) {
    return version == kSsl2   ? ServerFlight::Dialect::sslv2
           : version == kTlcp ? ServerFlight::Dialect::tlcp
                              : ServerFlight::Dialect::tls;
}

} // namespace

net::Task<net::Connected> connect(Visit& visit, model::TlsEndpoint endpoint) {
    visit.close_conversations();
    net::Connected connected;
    connected.outcome = visit.may_go_on();
    if (!connected.outcome.is_completed()) {
        co_return connected;
    }
    auto admission = visit.admit(endpoint.host, endpoint.address);
    if (const auto* reason = std::get_if<Reason>(&admission)) {
        connected.outcome = model::refused(*reason);
        co_return connected;
    }
    const auto& services = visit.services();
    connected = co_await net::connect(
        services.runtime,
        services.politeness,
        std::get<model::ScopeTicket>(admission),
        endpoint.port,
        visit.deadline(),
        kConnect
    );
    connected.outcome = visit.settle(connected.outcome);
    co_return connected;
}

net::Task<model::Outcome> start_tls(
    Visit& visit,
    net::Connection& connection,
    const model::TlsEndpoint& endpoint,
    net::TlsSession& session,
    bool is_tls12_at_most
) {
    net::TlsClientOptions options;
    options.server_name = visit.is_literal() ? std::string() : endpoint.host;
    options.is_tls12_at_most = is_tls12_at_most;
    connection.set_deadline(visit.deadline().within(kHandshake));
    const auto outcome = co_await connection.start_tls(options, session);
    co_return visit.settle(outcome);
}

net::Task<HelloAnswer> ask(Visit& visit, const model::TlsEndpoint& endpoint, HelloQuestion question) {
    HelloAnswer answer;
    answer.flight = ServerFlight(dialect_of(question.version));
    auto connected = co_await connect(visit, endpoint);
    answer.outcome = connected.outcome;
    if (!connected.outcome.is_completed()) {
        co_return answer;
    }
    const auto deadline = visit.deadline().within(kHello);
    connected.connection->set_deadline(deadline);
    question.random = base::random_bytes(32);
    const std::string hello = client_hello(question);
    const auto sent = co_await connected.connection->write(hello);
    answer.end = HelloEnd::silent;
    if (sent.outcome.is_completed()) {
        co_await read_flight(*connected.connection, deadline, answer);
    }
    if (!visit.may_go_on().is_completed()) {
        answer.end = HelloEnd::silent; // our own doing: no claim from a connection that we closed
    }
    connected.connection->abort();
    co_return answer;
}

} // namespace fengsui::probe::tls
