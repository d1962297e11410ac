#include "probe/tls/revocation_look.h"

#include "base/text.h"
#include "probe/trust_store.h"

namespace fengsui::probe::tls {

namespace {

using model::Outcome;
using model::Reason;
using model::Revocation;

constexpr std::size_t kListLimit = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kMostAddresses = 2;

bool is_leaf_known(const std::vector<model::RevocationFacts>& facts) {
    return !facts.empty() && facts.front().position == 0 && facts.front().status != Revocation::unknown;
}

/// RFC 6960 appendix A.1: the request as base64 in the path of a GET.
std::string ocsp_address(const std::string& responder, const std::string& request) {
    std::string path;
    for (const char c : base::base64(request)) {
        path += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
    }
    return responder + (responder.ends_with('/') ? "" : "/") + path;
}

/// Fetches what is at the address when its host is registered; refused otherwise, without a packet.
net::Task<Outcome> fetch_list(
    Visit& visit, std::string address, bool is_ocsp, std::vector<TrustStore::Fetched>& fetched
) {
    const auto url = model::Url::parse(address);
    if (!url) {
        co_return model::not_reached(Reason::http_invalid);
    }
    net::HttpRequest request;
    request.url = *url;
    request.limits.body = kListLimit;
    const auto exchange = co_await visit.fetch(std::move(request), false);
    if (!exchange.outcome.is_completed()) {
        co_return exchange.outcome;
    }
    if (exchange.status != 200 || !exchange.body_complete) {
        co_return model::not_reached(Reason::http_invalid);
    }
    fetched.push_back({std::move(address), exchange.body, is_ocsp});
    co_return model::completed();
}

struct Address {
    std::string text;
    bool is_ocsp = false;
};

/// Lists first: one serves every site of an issuer (standards.md 2.3 row 33).
std::vector<Address> addresses_of(const model::CertificateFacts& leaf, const std::string& request) {
    std::vector<Address> all;
    for (const auto& url : leaf.crl_urls) {
        all.push_back({url, false});
    }
    for (const auto& url : leaf.ocsp_urls) {
        if (!request.empty()) {
            all.push_back({ocsp_address(url, request), true});
        }
    }
    all.resize(std::min(all.size(), kMostAddresses));
    return all;
}

} // namespace

net::Task<> look_at_revocation(Visit& visit, const net::TlsSession& session, model::TlsEndpoint& endpoint) {
    const auto& trust = visit.services().trust;
    TrustStore::RevocationQuestion question;
    question.certificates = session.certificates;
    question.ocsp_staple = session.ocsp_staple;
    question.judged_at = visit.plan().judged_at;
    endpoint.revocation = trust.judge_revocation(question);
    endpoint.revocation_outcome = model::completed();
    if (is_leaf_known(endpoint.revocation) || endpoint.chain.empty()) {
        co_return;
    }
    endpoint.revocation_outcome = model::skipped(Reason::not_applicable); // nobody who may be asked
    const auto request = trust.leaf_ocsp_request(session.certificates);
    for (const auto& address : addresses_of(endpoint.chain.front(), request)) {
        const auto outcome = co_await fetch_list(visit, address.text, address.is_ocsp, question.fetched);
        if (outcome.status == model::CoverageStatus::refused) {
            continue;
        }
        endpoint.revocation = trust.judge_revocation(question);
        if (is_leaf_known(endpoint.revocation)) {
            endpoint.revocation_outcome = model::completed();
            co_return;
        }
        endpoint.revocation_outcome =
            outcome.is_completed() ? model::not_reached(Reason::http_invalid) : outcome;
    }
}

} // namespace fengsui::probe::tls
