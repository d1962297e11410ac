#include "pipeline/template_sender.h"

#include "base/text.h"
#include "net/politeness.h"
#include "net/resolver.h"
#include "net/runtime.h"
#include "pipeline/template_answers.h"
#include "probe/trust_store.h"
#include "template/policy.h"

#include <fmt/format.h>

namespace fengsui::pipeline {

namespace {

using model::Outcome;
using model::Reason;
using templates::ResponseFacts;

constexpr std::size_t kBodyLimit = std::size_t{10} * 1024 * 1024; // what nuclei reads
constexpr std::size_t kRedirectBodyKept = std::size_t{256} * 1024;
constexpr int kMaxHops = 10;
constexpr unsigned kBelievedFailures = 5;
constexpr std::chrono::seconds kHandshake{20};
constexpr std::chrono::seconds kBanner{5};
constexpr std::size_t kBannerLimit = std::size_t{64} * 1024;

TemplateAnswer unanswered(Outcome outcome) {
    TemplateAnswer answer;
    answer.outcome = outcome;
    return answer;
}

TemplateAnswer answered(std::shared_ptr<const ResponseFacts> facts) {
    TemplateAnswer answer;
    answer.outcome = model::completed();
    answer.hops.push_back(std::move(facts));
    return answer;
}

net::HttpMethod method_of(const std::string& name) {
    return name == "HEAD"      ? net::HttpMethod::head
           : name == "OPTIONS" ? net::HttpMethod::options
                               : net::HttpMethod::get;
}

/// Path and query byte for byte, but for what would end the request line: that is escaped, as Go does.
std::string line_safe(const std::string& target) {
    std::string out = target.empty() || target.front() != '/' ? "/" : "";
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        out += byte <= 0x20 || byte == 0x7F ? fmt::format("%{:02X}", byte) : std::string(1, c);
    }
    return out;
}

std::string without_brackets(const std::string& host) {
    return host.size() > 2 && host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

net::HttpRequest wire_request(const templates::HttpRequest& request) {
    net::HttpRequest out;
    out.method = method_of(request.method);
    out.url.scheme = request.scheme == "https" ? model::Scheme::https : model::Scheme::http;
    out.url.host = without_brackets(request.host);
    out.url.port = request.port;
    out.url.path = line_safe(request.target); // the whole of it: an empty query keeps its mark
    out.extra = request.headers;
    if (!request.cookies.empty()) {
        out.extra.push_back({"Cookie", request.cookies});
    }
    out.limits.body = std::min(request.max_body, kBodyLimit);
    return out;
}

bool is_silence(const Outcome& outcome) {
    return outcome.status == model::CoverageStatus::not_reached
           && (outcome.reason == Reason::refused || outcome.reason == Reason::timeout);
}

/// One normal handshake is all that is made: a template that asks for another kind is not answered.
bool asks_special_handshake(const templates::SslRequest& request) {
    return !request.min_version.empty() || !request.max_version.empty() || !request.cipher_suites.empty();
}

net::Task<> read_banner(net::Connection& connection, std::size_t limit, bool reads_all, std::string& data) {
    std::string buffer(4096, '\0');
    do {
        const auto wanted = std::min(buffer.size(), limit - data.size());
        const auto got = co_await connection.read_some(buffer.data(), wanted);
        if (!got.outcome.is_completed() || got.bytes == 0) {
            co_return;
        }
        data.append(buffer, 0, got.bytes);
    } while (reads_all && data.size() < limit);
}

} // namespace

net::Task<TemplateAnswer> TemplateSender::send(templates::PlannedRequest request) {
    const auto state = visit_.may_go_on();
    if (!state.is_completed()) {
        co_return unanswered(state);
    }
    if (templates::guard_request(request, target_)) {
        co_return unanswered(model::refused(Reason::policy));
    }
    if (request.protocol == templates::Protocol::dns) {
        co_return co_await send_dns(std::move(request.dns));
    }
    if (request.protocol == templates::Protocol::ssl) {
        co_return co_await send_ssl(std::move(request.ssl));
    }
    if (request.protocol == templates::Protocol::tcp) {
        co_return co_await send_tcp(std::move(request.tcp));
    }
    if (silent_ != Outcome()) {
        co_return unanswered(silent_); // a host that does not answer is not knocked at a thousand times
    }
    co_return co_await send_http(std::move(request));
}

std::shared_ptr<const ResponseFacts> TemplateSender::facts_of(
    const templates::HttpRequest& request, model::HttpExchange answer
) {
    templates::HttpAnswer facts;
    facts.url = request.url();
    facts.status = answer.status;
    facts.reason = std::move(answer.phrase);
    facts.version = answer.version.empty() ? "HTTP/1.1" : std::move(answer.version);
    facts.headers = std::move(answer.headers);
    facts.body = std::move(answer.body);
    facts.duration = answer.seconds;
    facts.ip = answer.address ? answer.address->str() : std::string();
    facts.cnames = cnames_;
    return ResponseFacts::of_http(std::move(facts), request.dump(), target_.input);
}

net::Task<TemplateAnswer> TemplateSender::send_http(templates::PlannedRequest first) {
    TemplateAnswer out;
    std::optional<templates::PlannedRequest> next = first;
    const int hops = std::min(first.http.max_redirects, kMaxHops);
    while (next) {
        const templates::PlannedRequest sent = std::move(*next);
        next.reset();
        auto wire = wire_request(sent.http);
        if (out.hops.empty()) {
            const auto reached = co_await visit_.reach(wire.url.host);
            cnames_ = reached.resolution.cnames;
        }
        auto answer = co_await visit_.fetch(std::move(wire), false);
        if (!answer.outcome.is_completed()) {
            const bool is_ours = answer.outcome.status == model::CoverageStatus::skipped;
            out.outcome = out.hops.empty() || is_ours ? answer.outcome : model::completed();
            break; // a hop that leads nowhere, or out of scope: the redirect before it is the answer
        }
        out.outcome = model::completed();
        if (static_cast<int>(out.hops.size()) < hops) {
            next = next_hop(first, sent, answer);
        }
        if (next && answer.body.size() > kRedirectBodyKept) {
            answer.body.resize(kRedirectBodyKept);
        }
        out.hops.push_back(facts_of(sent.http, std::move(answer)));
    }
    failures_in_a_row_ = is_silence(out.outcome) ? failures_in_a_row_ + 1 : 0;
    if (failures_in_a_row_ >= kBelievedFailures) {
        silent_ = out.outcome;
    }
    co_return out;
}

net::Task<TemplateAnswer> TemplateSender::send_dns(templates::DnsRequest request) {
    const auto type = dns_type_of(request.type);
    const auto& host = visit_.host();
    const auto objection = visit_.services().scope.permits_host(visit_.asset().id, host);
    if (!type || visit_.is_literal()) {
        co_return unanswered(model::skipped(Reason::not_applicable));
    }
    if (objection != Reason::none) {
        co_return unanswered(model::refused(objection));
    }
    auto name = base::to_lower(request.name);
    name = name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
    auto question = visit_.services().resolver.ask(name, *type, net::DnsWish::plain, visit_.deadline());
    const auto got = co_await std::move(question);
    const bool has_answer = got.message.is_response || got.outcome.is_completed();
    if (!has_answer) {
        co_return unanswered(visit_.settle(got.outcome));
    }
    co_return answered(ResponseFacts::of_dns(dns_answer_of(request, got.message), target_.input));
}

net::Task<net::Connected> TemplateSender::connect(std::string host, std::uint16_t port) {
    visit_.close_conversations();
    net::Connected connected;
    const auto reached = co_await visit_.reach(host);
    connected.outcome = reached.outcome;
    if (!reached.outcome.is_completed()) {
        co_return connected;
    }
    auto admission = visit_.admit(host, reached.admitted.front());
    if (const auto* reason = std::get_if<Reason>(&admission)) {
        connected.outcome = model::refused(*reason);
        co_return connected;
    }
    const auto& services = visit_.services();
    connected = co_await net::connect(
        services.runtime,
        services.politeness,
        std::get<model::ScopeTicket>(admission),
        port,
        visit_.deadline()
    );
    connected.outcome = visit_.settle(connected.outcome);
    co_return connected;
}

net::Task<TemplateAnswer> TemplateSender::send_ssl(templates::SslRequest request) {
    if (asks_special_handshake(request)) {
        co_return unanswered(model::skipped(Reason::not_applicable));
    }
    const auto host = without_brackets(request.host);
    auto connected = co_await connect(host, request.port);
    if (!connected.outcome.is_completed()) {
        co_return unanswered(connected.outcome);
    }
    net::TlsClientOptions options;
    options.server_name = visit_.is_literal() ? std::string() : host;
    net::TlsSession session;
    connected.connection->set_deadline(visit_.deadline().within(kHandshake));
    const auto outcome = co_await connected.connection->start_tls(options, session);
    if (!outcome.is_completed()) {
        co_return unanswered(visit_.settle(outcome));
    }
    auto judged = visit_.services().trust.judge(session.certificates);
    model::TlsEndpoint endpoint;
    endpoint.host = host;
    endpoint.address = connected.connection->remote_address();
    endpoint.port = request.port;
    endpoint.version = session.version;
    endpoint.cipher = session.cipher;
    endpoint.chain = std::move(judged.chain);
    endpoint.trust = judged.trust;
    templates::SslAnswer answer;
    answer.address = fmt::format("{}:{}", request.host, request.port);
    answer.ip = endpoint.address.str();
    answer.facts = tls_facts_of(endpoint, now_);
    co_return answered(ResponseFacts::of_ssl(std::move(answer), target_.input));
}

/// Nothing is ever written: what the server says by itself is read.
net::Task<TemplateAnswer> TemplateSender::send_tcp(templates::TcpRequest request) {
    auto connected = co_await connect(without_brackets(request.host), request.port);
    if (!connected.outcome.is_completed()) {
        co_return unanswered(connected.outcome);
    }
    templates::TcpAnswer answer;
    answer.address = fmt::format("{}:{}", request.host, request.port);
    answer.ip = connected.connection->remote_address().str();
    connected.connection->set_deadline(visit_.deadline().within(kBanner));
    const auto limit = request.reads_all ? kBannerLimit : std::min(request.read_size, kBannerLimit);
    co_await read_banner(*connected.connection, limit, request.reads_all, answer.data);
    const auto state = visit_.may_go_on();
    if (!state.is_completed()) {
        co_return unanswered(state);
    }
    answer.raw = answer.data;
    co_return answered(ResponseFacts::of_tcp(std::move(answer), target_.input));
}

} // namespace fengsui::pipeline
