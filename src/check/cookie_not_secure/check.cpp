#include "model/check.h"

#include "check/common/header_cookies.h"

#include <algorithm>

namespace fengsui::check {

model::Verdict cookie_not_secure(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::HttpChain;
    using model::HttpExchange;
    using model::Reason;
    using model::Scheme;
    using model::skipped;
    const auto is_over_tls = [](const HttpExchange& hop) {
        return hop.outcome.is_completed() && hop.url.scheme == Scheme::https;
    };
    const auto has_tls = [&](const HttpChain& chain) {
        return std::any_of(chain.hops.begin(), chain.hops.end(), is_over_tls);
    };
    if (!has_tls(seen.web.plain) && !has_tls(seen.web.secure)) { // http.https_missing tells of it
        return {skipped(Reason::not_applicable), {}};
    }
    auto cookies = cookies_of(seen);
    std::erase_if(cookies, [&](const Cookie& cookie) {
        return cookie.is_secure || !is_over_tls(*cookie.set_by);
    });
    if (cookies.empty()) {
        return {};
    }
    return {completed(), {{"", cookie_evidence(cookies), {}}}};
}

} // namespace fengsui::check
