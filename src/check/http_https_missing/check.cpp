#include "model/check.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using model::HttpChain;
using model::Offered;
using model::Reason;
using model::Scheme;

bool leads_to_https(const HttpChain& chain) {
    return std::any_of(chain.hops.begin(), chain.hops.end(), [](const model::HttpExchange& hop) {
        const bool is_secure = hop.outcome.is_completed() && hop.url.scheme == Scheme::https;
        return is_secure || (hop.redirect && hop.redirect->scheme == Scheme::https);
    });
}

/// Trouble with a certificate or a version is not the absence of TLS.
bool speaks_tls(const model::TlsEndpoint& endpoint) {
    const auto is_yes = [](Offered offered) {
        return offered == Offered::yes;
    };
    return endpoint.outcome.is_completed() || !endpoint.chain.empty() || is_yes(endpoint.tls10)
           || is_yes(endpoint.tls11) || is_yes(endpoint.tls12) || is_yes(endpoint.tls13);
}

/// Only when every endpoint was tried and none spoke TLS is a failed handshake "no TLS here".
bool is_without_tls(const model::TlsObservation& tls) {
    return !tls.endpoints.empty()
           && std::all_of(tls.endpoints.begin(), tls.endpoints.end(), [](const model::TlsEndpoint& endpoint) {
                  return endpoint.outcome == model::not_reached(Reason::tls_failed) && !speaks_tls(endpoint);
              });
}

model::Verdict missing(const HttpChain& plain, std::string_view https_url, std::string_view result) {
    const auto evidence = base::Json::object({
        {"http_url", plain.hops.front().url.str()},
        {"http_status", plain.hops.front().status},
        {"https_url", https_url},
        {"https_result", result},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

/// A URL with a port of its own: no one knows where its https counterpart would be.
model::Verdict judge_lone_http(const model::WebObservation& web) {
    if (web.secure.end != model::skipped(Reason::not_applicable)) {
        return {web.secure.end, {}};
    }
    return leads_to_https(web.plain) ? model::Verdict{}
                                     : missing(web.plain, "", "the registered URL is served in clear");
}

} // namespace

model::Verdict http_https_missing(const model::Observation& seen, const base::Json&) {
    const auto& web = seen.web;
    if (!web.plain.reached() || web.secure.reached()) {
        return {};
    }
    if (web.secure.hops.empty()) {
        return judge_lone_http(web);
    }
    const auto& attempt = web.secure.hops.front();
    const auto reason = attempt.outcome.reason;
    const bool is_closed = attempt.outcome.status == model::CoverageStatus::not_reached
                           && (reason == Reason::refused || reason == Reason::reset);
    const bool is_failed = attempt.outcome == model::not_reached(Reason::tls_failed);
    if (is_closed || (is_failed && is_without_tls(seen.tls))) {
        return missing(web.plain, attempt.url.str(), to_string(reason));
    }
    const bool has_tls = std::any_of(seen.tls.endpoints.begin(), seen.tls.endpoints.end(), speaks_tls);
    return is_failed && has_tls ? model::Verdict{} : model::Verdict{attempt.outcome, {}};
}

} // namespace fengsui::check
