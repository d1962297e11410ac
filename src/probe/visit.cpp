#include "probe/visit.h"

#include "net/politeness.h"
#include "net/resolver.h"
#include "net/runtime.h"

#include <algorithm>

namespace fengsui::probe {

namespace {

using model::Reason;

constexpr std::size_t kMaxAddresses = 3;
constexpr std::chrono::milliseconds kSecondTryAfter{500};

bool is_transport_failure(const model::Outcome& outcome) {
    return outcome.status == model::CoverageStatus::not_reached
           && (outcome.reason == Reason::refused || outcome.reason == Reason::timeout
               || outcome.reason == Reason::reset);
}

std::string host_of(const model::AssetTarget& target) {
    if (target.kind == model::AssetKind::address && target.prefix) {
        return target.prefix->address().str();
    }
    return target.url ? target.url->host : target.host;
}

model::HttpExchange unasked(const net::HttpRequest& request, model::Outcome outcome) {
    model::HttpExchange exchange;
    exchange.method = net::to_string(request.method);
    exchange.url = request.url;
    exchange.outcome = outcome;
    return exchange;
}

} // namespace

Visit::Visit(const Services& services, const model::Asset& asset, const Plan& plan, net::Deadline deadline)
    : services_(services),
      asset_(asset),
      plan_(plan),
      deadline_(deadline),
      host_(host_of(asset.target)),
      is_literal_(model::IpAddress::parse(host_).has_value()) {}

model::Outcome Visit::may_go_on() const {
    if (services_.runtime.is_traffic_stopped()) {
        return model::skipped(Reason::stopped);
    }
    return deadline_.has_passed() ? model::skipped(Reason::deadline) : model::completed();
}

model::Outcome Visit::settle(model::Outcome outcome) const {
    const bool is_ours = outcome.status == model::CoverageStatus::not_reached
                         && (outcome.reason == Reason::timeout || outcome.reason == Reason::dns_timeout
                             || outcome.reason == Reason::reset);
    const auto state = may_go_on();
    return is_ours && !state.is_completed() ? state : outcome;
}

std::variant<model::ScopeTicket, Reason> Visit::admit(std::string_view host, const model::IpAddress& address)
    const {
    return services_.scope.admit(asset_.id, host, address);
}

void Visit::admit_all(Reach& reach) const {
    auto& resolution = reach.resolution;
    for (const auto& address : resolution.addresses) {
        const auto admission = admit(resolution.name, address);
        if (const auto* reason = std::get_if<Reason>(&admission)) {
            resolution.refusal = resolution.refused.empty() ? *reason : resolution.refusal;
            resolution.refused.push_back(address);
        } else {
            reach.admitted.push_back(address);
        }
    }
    std::stable_partition(reach.admitted.begin(), reach.admitted.end(), [](const model::IpAddress& address) {
        return address.is_v4();
    });
    if (!reach.admitted.empty()) {
        reach.outcome = model::completed();
    } else if (!resolution.refused.empty()) {
        reach.outcome = model::refused(resolution.refusal);
    } else {
        reach.outcome = model::not_reached(Reason::dns_nxdomain); // the name exists but has no address
    }
}

net::Task<Reach> Visit::resolve(std::string host) {
    Reach reach;
    reach.resolution.name = host;
    const auto literal = model::IpAddress::parse(host);
    if (literal.has_value()) {
        reach.resolution.outcome = model::completed();
        reach.resolution.addresses.push_back(*literal);
    } else {
        reach.resolution = co_await services_.resolver.resolve(host, deadline_);
        reach.resolution.name = host;
        reach.resolution.outcome = settle(reach.resolution.outcome);
    }
    if (reach.resolution.outcome.is_completed()) {
        admit_all(reach);
    } else {
        reach.outcome = reach.resolution.outcome;
    }
    co_return reach;
}

net::Task<Reach> Visit::reach(std::string host) {
    if (const auto known = reaches_.find(host); known != reaches_.end()) {
        co_return known->second;
    }
    Reach reach;
    // An address is judged by itself in resolve(): a prefix may list it.
    const auto objection = model::IpAddress::parse(host).has_value()
                               ? Reason::none
                               : services_.scope.permits_host(asset_.id, host);
    if (objection != Reason::none) {
        reach.resolution.name = host;
        reach.outcome = model::refused(objection);
        reach.resolution.outcome = reach.outcome;
    } else {
        reach = co_await resolve(host);
    }
    reaches_.emplace(std::move(host), reach);
    co_return reach;
}

net::Task<Reach> Visit::reach_exchanger(std::string host) {
    return resolve(std::move(host));
}

void Visit::prefer(const std::string& host, const model::IpAddress& address) {
    auto& admitted = reaches_[host].admitted;
    const auto at = std::find(admitted.begin(), admitted.end(), address);
    if (at != admitted.end()) {
        std::rotate(admitted.begin(), at, at + 1);
    }
}

void Visit::close_all_but(const Key& kept) {
    for (auto& [key, conversation] : conversations_) {
        if (key != kept) {
            conversation.session->close();
        }
    }
}

void Visit::close_conversations() {
    close_all_but({});
}

const net::TlsSession* Visit::tls_session(std::string_view host, std::uint16_t port) const {
    model::Url url;
    url.scheme = model::Scheme::https;
    url.host = host;
    url.port = port;
    const auto found = conversations_.find(url.origin());
    const bool is_known = found != conversations_.end() && found->second.session->tls().has_value();
    return is_known ? &*found->second.session->tls() : nullptr;
}

net::Task<model::HttpExchange> Visit::fetch_at(net::HttpRequest request, model::IpAddress address) {
    const auto key = request.url.origin();
    close_all_but(key);
    auto found = conversations_.find(key);
    if (found != conversations_.end()
        && (found->second.ticket.address() != address || found->second.ticket.confirm() != Reason::none)) {
        conversations_.erase(found);
        found = conversations_.end();
    }
    if (found == conversations_.end()) {
        auto admission = admit(request.url.host, address);
        if (const auto* reason = std::get_if<Reason>(&admission)) {
            co_return unasked(request, model::refused(*reason));
        }
        auto& ticket = std::get<model::ScopeTicket>(admission);
        auto session = std::make_unique<net::HttpSession>(
            services_.runtime,
            services_.politeness,
            services_.http,
            ticket,
            request.url.scheme,
            request.url.host,
            request.url.port
        );
        found = conversations_.emplace(key, Conversation{std::move(ticket), std::move(session)}).first;
    }
    auto& session = *found->second.session;
    auto exchange = co_await session.fetch(std::move(request), deadline_);
    exchange.outcome = settle(exchange.outcome);
    co_return exchange;
}

net::Task<model::HttpExchange> Visit::fetch_anywhere(net::HttpRequest request) {
    const auto reached = co_await reach(request.url.host);
    if (!reached.outcome.is_completed()) {
        co_return unasked(request, reached.outcome);
    }
    model::HttpExchange exchange;
    const auto count = std::min(reached.admitted.size(), kMaxAddresses);
    for (std::size_t i = 0; i < count; ++i) {
        const auto state = may_go_on();
        if (!state.is_completed()) {
            co_return unasked(request, state);
        }
        exchange = co_await fetch_at(request, reached.admitted[i]);
        if (!is_transport_failure(exchange.outcome)) {
            prefer(request.url.host, reached.admitted[i]);
            break;
        }
    }
    co_return exchange;
}

net::Task<model::HttpExchange> Visit::fetch_from(net::HttpRequest request, model::IpAddress address) {
    const auto state = may_go_on();
    if (!state.is_completed()) {
        co_return unasked(request, state);
    }
    const auto exchange = co_await fetch_at(std::move(request), address);
    co_return exchange;
}

net::Task<model::HttpExchange> Visit::fetch(net::HttpRequest request, bool is_firm) {
    const auto state = may_go_on();
    if (!state.is_completed()) {
        co_return unasked(request, state);
    }
    auto exchange = co_await fetch_anywhere(request);
    if (!is_firm || !is_transport_failure(exchange.outcome)) {
        co_return exchange;
    }
    const bool went_on =
        co_await services_.runtime.sleep_until(net::Deadline::Clock::now() + kSecondTryAfter);
    if (!went_on || !may_go_on().is_completed()) {
        co_return unasked(request, may_go_on());
    }
    co_return co_await fetch_anywhere(std::move(request));
}

} // namespace fengsui::probe
