#include "probe/tls/probe.h"

#include "base/hash.h"
#include "net/connection.h"
#include "net/politeness.h"
#include "net/runtime.h"
#include "probe/http/decode.h"
#include "probe/tls/decode.h"
#include "probe/trust_store.h"

#include <array>

namespace fengsui::probe::tls {

namespace {

using model::Offered;
using model::Outcome;
using model::Reason;

constexpr std::chrono::seconds kConnect{10};
constexpr std::chrono::seconds kHandshake{20};
constexpr std::chrono::seconds kHello{20};
/// A server that has answered with a ServerHello has the rest of its flight ready.
constexpr std::chrono::seconds kRestOfFlight{5};

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

void take_session(const TrustStore& trust, const net::TlsSession& session, model::TlsEndpoint& endpoint) {
    endpoint.outcome = model::completed();
    endpoint.version = session.version;
    endpoint.cipher = session.cipher;
    auto judgement = trust.judge(session.certificates);
    endpoint.chain = std::move(judgement.chain);
    endpoint.trust = judgement.trust;
    endpoint.trust_detail = std::move(judgement.detail);
    endpoint.is_chain_ordered = judgement.is_ordered;
}

net::Task<> shake_hands(Visit& visit, model::TlsEndpoint& endpoint) {
    auto connected = co_await connect(visit, endpoint);
    endpoint.outcome = connected.outcome;
    if (!connected.outcome.is_completed()) {
        co_return;
    }
    net::TlsClientOptions options;
    options.server_name = visit.is_literal() ? std::string() : endpoint.host;
    net::TlsSession session;
    connected.connection->set_deadline(visit.deadline().within(kHandshake));
    const auto outcome = co_await connected.connection->start_tls(options, session);
    endpoint.outcome = visit.settle(outcome);
    if (outcome.is_completed()) {
        take_session(visit.services().trust, session, endpoint);
    }
}

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

net::Task<HelloAnswer> ask(Visit& visit, const model::TlsEndpoint& endpoint, HelloQuestion question) {
    HelloAnswer answer;
    auto connected = co_await connect(visit, endpoint);
    if (!connected.outcome.is_completed()) {
        co_return answer;
    }
    const auto deadline = visit.deadline().within(kHello);
    connected.connection->set_deadline(deadline);
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

/// RSA key transport in the version asked for or below; nothing else was offered.
void take_static_rsa(
    const HelloQuestion& question, const HelloAnswer& answer, bool works, model::TlsEndpoint& endpoint
) {
    HelloQuestion chosen = question;
    if (answer.flight.has_hello() && answer.flight.version() <= kTls12) {
        chosen.version = answer.flight.version();
    }
    endpoint.static_rsa = judge_answer(chosen, answer, works);
    if (endpoint.static_rsa == Offered::yes) {
        endpoint.static_rsa_cipher = suite_name(answer.flight.suite());
    }
    if (endpoint.tls12 == Offered::unknown && judge_answer(question, answer, works) == Offered::yes) {
        endpoint.tls12 = Offered::yes; // a "no" would only be about the suites
    }
}

/// The normal handshake offered 1.2 and 1.3 and everything below: it took the best that there is.
void take_version(model::TlsEndpoint& endpoint) {
    if (endpoint.version == "TLSv1.3") {
        endpoint.tls13 = Offered::yes;
        return;
    }
    if (!endpoint.version.empty()) {
        endpoint.tls13 = Offered::no;
        endpoint.tls12 = endpoint.version == "TLSv1.2" ? Offered::yes : Offered::no;
    }
}

net::Task<Offered> ask_version(Visit& visit, const model::TlsEndpoint& endpoint, HelloQuestion question) {
    question.suites = legacy_suites();
    question.random = base::random_bytes(32);
    const auto answer = co_await ask(visit, endpoint, question);
    co_return judge_answer(question, answer, endpoint.outcome.is_completed());
}

net::Task<> ask_hellos(Visit& visit, model::TlsEndpoint& endpoint) {
    HelloQuestion question;
    question.server_name = visit.is_literal() ? std::string() : endpoint.host;
    question.version = kTls10;
    endpoint.tls10 = co_await ask_version(visit, endpoint, question);
    question.version = kTls11;
    endpoint.tls11 = co_await ask_version(visit, endpoint, question);
    question.version = kTls12;
    question.suites = static_rsa_suites();
    question.random = base::random_bytes(32);
    const auto answer = co_await ask(visit, endpoint, question);
    take_static_rsa(question, answer, endpoint.outcome.is_completed(), endpoint);
}

bool is_any_answered(const model::TlsEndpoint& endpoint) {
    return endpoint.tls10 == Offered::yes || endpoint.tls11 == Offered::yes
           || endpoint.static_rsa == Offered::yes;
}

/// A connection was made but the handshake failed: an old server may still answer an old hello.
bool is_worth_asking(const Outcome& outcome) {
    return outcome.is_completed()
           || (outcome.status == model::CoverageStatus::not_reached
               && (outcome.reason == Reason::tls_failed || outcome.reason == Reason::reset));
}

/// The first https exchange with that endpoint, which made the handshake; null when the web was not
/// looked at.
const model::HttpExchange* find_exchange(const model::WebObservation& web, const model::Url& url) {
    for (const auto* chain : {&web.secure, &web.plain}) {
        for (const auto& hop : chain->hops) {
            if (hop.url.origin() == url.origin()) {
                return &hop;
            }
        }
    }
    return nullptr;
}

net::Task<> make_handshake(Visit& visit, const model::HttpExchange* exchange, model::TlsEndpoint& endpoint) {
    if (const auto* session = visit.tls_session(endpoint.host, endpoint.port)) {
        take_session(visit.services().trust, *session, endpoint);
    } else if (exchange != nullptr && !exchange->outcome.is_completed()) {
        endpoint.outcome = exchange->outcome;
    } else {
        co_await shake_hands(visit, endpoint);
    }
}

} // namespace

net::Task<model::TlsObservation> look_at_tls(Visit& visit, const model::WebObservation& web) {
    model::TlsObservation tls;
    const auto starts = http::start_urls(visit.asset().target, visit.host(), visit.services().scope);
    const auto reached = co_await visit.reach(visit.host());
    if (!starts.secure || !reached.outcome.is_completed()) {
        tls.outcome = starts.secure ? reached.outcome : model::skipped(Reason::not_applicable);
        co_return tls;
    }
    const auto* exchange = find_exchange(web, *starts.secure);
    model::TlsEndpoint endpoint;
    endpoint.host = starts.secure->host;
    endpoint.port = starts.secure->port;
    endpoint.address =
        exchange != nullptr && exchange->address ? *exchange->address : reached.admitted.front();
    co_await make_handshake(visit, exchange, endpoint);
    take_version(endpoint);
    if (is_worth_asking(endpoint.outcome)) {
        co_await ask_hellos(visit, endpoint);
    }
    tls.outcome = is_any_answered(endpoint) ? model::completed() : endpoint.outcome;
    tls.endpoints.push_back(std::move(endpoint));
    co_return tls;
}

} // namespace fengsui::probe::tls
