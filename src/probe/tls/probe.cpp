#include "probe/tls/probe.h"

#include "net/connection.h"
#include "net/runtime.h"
#include "probe/http/decode.h"
#include "probe/tls/conversation.h"
#include "probe/tls/dh.h"
#include "probe/tls/interview.h"
#include "probe/tls/revocation_look.h"
#include "probe/trust_store.h"

#include <array>

namespace fengsui::probe::tls {

namespace {

using model::Offered;
using model::Outcome;
using model::Reason;

/// One second is ages for the tickets that follow a handshake at once.
constexpr std::chrono::seconds kTickets{1};
constexpr std::chrono::seconds kRenegotiation{5};

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

net::Task<net::TlsSession> shake_hands(Visit& visit, model::TlsEndpoint& endpoint) {
    net::TlsSession session;
    auto connected = co_await connect(visit, endpoint);
    endpoint.outcome = connected.outcome;
    if (!connected.outcome.is_completed()) {
        co_return session;
    }
    auto& connection = *connected.connection;
    const auto outcome = co_await start_tls(visit, connection, endpoint, session, false);
    endpoint.outcome = outcome;
    if (outcome.is_completed() && session.version == "TLSv1.3") {
        std::array<char, 512> ignored{};
        connection.set_deadline(visit.deadline().within(kTickets));
        co_await connection.read_some(ignored.data(), ignored.size());
        connection.update_tls(session);
    }
    co_return session;
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

net::Task<net::TlsSession> make_handshake(
    Visit& visit, const model::HttpExchange* exchange, model::TlsEndpoint& endpoint
) {
    net::TlsSession session;
    if (const auto* known = visit.tls_session(endpoint.host, endpoint.port)) {
        session = *known;
        endpoint.outcome = model::completed();
    } else if (exchange != nullptr && !exchange->outcome.is_completed()) {
        endpoint.outcome = exchange->outcome;
    } else {
        session = co_await shake_hands(visit, endpoint);
    }
    co_return session;
}

/// The client offers 1.3, so what a server chose is the best it has.
void take_version(model::TlsEndpoint& endpoint) {
    if (endpoint.version.empty()) {
        return;
    }
    endpoint.tls13 = endpoint.version == "TLSv1.3" ? Offered::yes : Offered::no;
    if (endpoint.tls13 == Offered::no) {
        endpoint.tls12 = endpoint.version == "TLSv1.2" ? Offered::yes : Offered::no;
    }
}

/// RFC 8446 4.6.1: only a ticket that allows early data lets a client send any.
void take_early_data(const net::TlsSession& session, model::TlsEndpoint& endpoint) {
    endpoint.max_early_data = session.max_early_data;
    if (session.has_ticket) {
        endpoint.early_data = session.max_early_data > 0 ? Offered::yes : Offered::no;
    } else if (!endpoint.version.empty()) {
        endpoint.early_data = Offered::no; // no ticket, or a version without them
    }
}

/// nginx completes the handshake and refuses every page (400, with 495 and 496 as its own inner statuses).
bool is_page_refused(const model::HttpExchange* exchange) {
    constexpr std::array kRefusals = {400, 401, 403, 495, 496};
    return exchange != nullptr
           && (!exchange->outcome.is_completed()
               || std::find(kRefusals.begin(), kRefusals.end(), exchange->status) != kRefusals.end());
}

void take_client_certificate(
    const net::TlsSession& session, const model::HttpExchange* exchange, model::TlsEndpoint& endpoint
) {
    using model::ClientCertificate;
    const bool is_asked =
        session.has_certificate_request || endpoint.client_certificate == ClientCertificate::asked;
    const bool is_broken_off =
        !endpoint.outcome.is_completed() && endpoint.outcome.status == model::CoverageStatus::not_reached;
    if (is_asked) {
        const bool is_required = is_broken_off || is_page_refused(exchange);
        endpoint.client_certificate = is_required ? ClientCertificate::required : ClientCertificate::asked;
    } else if (endpoint.outcome.is_completed() || endpoint.hellos.is_completed()) {
        endpoint.client_certificate = ClientCertificate::not_asked;
    }
}

/// RFC 8422 5.1.1: TLS up to 1.2 needs the certificate's own curve in the client's list.
std::uint16_t group_of_leaf(const model::TlsEndpoint& endpoint) {
    if (endpoint.chain.empty() || endpoint.chain.front().key_type != "EC") {
        return 0;
    }
    const auto& curve = endpoint.chain.front().curve;
    return curve == "prime256v1" ? 23 : curve == "secp384r1" ? 24 : curve == "secp521r1" ? 25 : 0;
}

net::Task<> hold_interview(Visit& visit, const model::TlsEndpoint& endpoint, Interview& interview) {
    for (auto question = interview.next(); question; question = interview.next()) {
        const auto state = visit.may_go_on();
        if (!state.is_completed()) {
            interview.stop(state);
            break;
        }
        const auto answer = co_await ask(visit, endpoint, question->hello);
        interview.take(*question, answer);
    }
}

/// One attempt, on a connection of its own; the only probe that needs keys.
net::Task<> try_renegotiation(Visit& visit, model::TlsEndpoint& endpoint) {
    auto connected = co_await connect(visit, endpoint);
    if (!connected.outcome.is_completed()) {
        co_return;
    }
    auto& connection = *connected.connection;
    net::TlsSession session;
    const auto outcome = co_await start_tls(visit, connection, endpoint, session, true);
    if (!outcome.is_completed()) {
        co_return;
    }
    connection.set_deadline(visit.deadline().within(kRenegotiation));
    const auto ended = co_await connection.renegotiate();
    const auto renegotiated = visit.settle(ended);
    if (renegotiated.is_completed()) {
        endpoint.client_renegotiation = Offered::yes;
    } else if (renegotiated.reason == Reason::tls_failed || renegotiated.reason == Reason::reset) {
        endpoint.client_renegotiation = Offered::no;
    }
}

net::Task<> judge_answers(Visit& visit, const Interview& interview, model::TlsEndpoint& endpoint) {
    if (!interview.modulus().empty()) {
        const auto suite = endpoint.dh.suite;
        const std::string modulus = interview.modulus();
        const std::function<void()> work = [&endpoint, &modulus] {
            endpoint.dh = judge_modulus(modulus);
        };
        co_await visit.services().runtime.offload(work);
        endpoint.dh.suite = suite;
    }
    if (!interview.tlcp_certificates().empty()) {
        endpoint.tlcp.chain = visit.services().trust.judge(interview.tlcp_certificates()).chain;
    }
}

net::Task<> ask_hellos(Visit& visit, model::TlsEndpoint& endpoint) {
    Introduction introduction;
    introduction.server_name = visit.is_literal() ? std::string() : endpoint.host;
    introduction.handshake_works = endpoint.outcome.is_completed();
    introduction.is_tls13 = endpoint.tls13 == Offered::yes;
    introduction.leaf_group = group_of_leaf(endpoint);
    Interview interview(std::move(introduction));
    co_await hold_interview(visit, endpoint, interview);
    interview.report(endpoint);
    co_await judge_answers(visit, interview, endpoint);
    const bool can_renegotiate = interview.is_classic() && endpoint.secure_renegotiation == Offered::yes
                                 && endpoint.hellos.is_completed();
    if (can_renegotiate && endpoint.outcome.is_completed()) {
        co_await try_renegotiation(visit, endpoint);
    } else if (endpoint.secure_renegotiation == Offered::yes && endpoint.hellos.is_completed()) {
        endpoint.client_renegotiation = Offered::no; // TLS 1.3 has none (RFC 8446 appendix D.1)
    }
}

bool is_any_answered(const model::TlsEndpoint& endpoint) {
    return endpoint.tls10 == Offered::yes || endpoint.tls11 == Offered::yes || endpoint.tls12 == Offered::yes
           || endpoint.tls13 == Offered::yes || endpoint.sslv2 == Offered::yes
           || endpoint.sslv3 == Offered::yes || endpoint.tlcp.offered == Offered::yes;
}

/// A connection was made but the handshake failed: an old server may still answer an old hello.
bool is_worth_asking(const Outcome& outcome) {
    return outcome.is_completed()
           || (outcome.status == model::CoverageStatus::not_reached
               && (outcome.reason == Reason::tls_failed || outcome.reason == Reason::reset));
}

net::Task<model::TlsEndpoint> look_at_endpoint(
    Visit& visit, model::TlsEndpoint endpoint, const model::HttpExchange* exchange
) {
    const auto session = co_await make_handshake(visit, exchange, endpoint);
    if (endpoint.outcome.is_completed()) {
        take_session(visit.services().trust, session, endpoint);
    }
    take_version(endpoint);
    take_early_data(session, endpoint);
    if (is_worth_asking(endpoint.outcome)) {
        co_await ask_hellos(visit, endpoint);
    } else {
        endpoint.hellos = endpoint.outcome;
    }
    take_client_certificate(session, exchange, endpoint);
    if (endpoint.outcome.is_completed()) {
        co_await look_at_revocation(visit, session, endpoint);
    } else {
        endpoint.revocation_outcome = endpoint.outcome;
    }
    co_return endpoint;
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
    endpoint = co_await look_at_endpoint(visit, std::move(endpoint), exchange);
    tls.outcome = is_any_answered(endpoint) ? model::completed() : endpoint.outcome;
    tls.endpoints.push_back(std::move(endpoint));
    co_return tls;
}

} // namespace fengsui::probe::tls
