#include "model/check.h"

#include "base/text.h"
#include "check/common/web_chain.h"
#include "model/html.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using model::HttpChain;
using model::HttpExchange;
using model::Reason;
using model::Scheme;
using model::Url;

/// `0; url=https://www.example.cn/` (HTML standard 4.2.5.3).
std::optional<Url> meta_refresh(const HttpExchange& page) {
    if (!page.is_html()) {
        return std::nullopt;
    }
    const auto html = model::read_html(page.text());
    const auto* meta = html.http_equiv("refresh");
    const auto at = meta == nullptr ? std::string::npos : base::ifind(meta->content, "url=");
    if (at == std::string::npos) {
        return std::nullopt;
    }
    auto reference = base::trim(std::string_view(meta->content).substr(at + 4));
    if (!reference.empty() && (reference.front() == '\'' || reference.front() == '"')) {
        reference = reference.substr(1, reference.find(reference.front(), 1) - 1);
    }
    const auto url = page.url.resolve(reference);
    return url ? std::optional(*url) : std::nullopt;
}

/// Where the chain sends visitors over https, if anywhere.
std::vector<Url> https_targets(const HttpChain& chain) {
    std::vector<Url> targets;
    for (const auto& hop : chain.hops) {
        if (hop.redirect && hop.redirect->scheme == Scheme::https) {
            targets.push_back(*hop.redirect);
        }
    }
    if (const auto* page = chain.final()) {
        const auto refresh = meta_refresh(*page);
        if (refresh && refresh->scheme == Scheme::https) {
            targets.push_back(*refresh);
        }
    }
    return targets;
}

/// A site that has moved sends its https visitors to the same other host.
bool is_also_target_of(const HttpChain& secure, const Url& target) {
    return std::any_of(secure.hops.begin(), secure.hops.end(), [&](const HttpExchange& hop) {
        return hop.redirect && is_same_site(hop.redirect->host, target.host);
    });
}

bool is_rest_of_world_to_blame(const model::Outcome& outcome) {
    return outcome == model::not_reached(Reason::refused) || outcome == model::not_reached(Reason::reset)
           || outcome == model::skipped(Reason::not_applicable);
}

} // namespace

model::Verdict http_https_redirect_missing(const model::Observation& seen, const base::Json&) {
    const auto& plain = seen.web.plain;
    const auto& secure = seen.web.secure;
    if (!plain.reached()) { // no http at all is as good as a redirect
        const auto outcome = plain.hops.empty() ? plain.end : plain.hops.front().outcome;
        return is_rest_of_world_to_blame(outcome) ? model::Verdict{} : model::Verdict{outcome, {}};
    }
    if (!secure.reached()) { // http.https_missing tells of it
        return {};
    }
    const auto& first = plain.hops.front();
    if (is_rate_limited(first)) {
        return {model::not_reached(Reason::rate_limited), {}};
    }
    const auto targets = https_targets(plain);
    const bool leads_there = std::any_of(targets.begin(), targets.end(), [&](const Url& target) {
        return is_same_site(target.host, first.url.host) || is_also_target_of(secure, target);
    });
    if (leads_there) {
        return {};
    }
    const auto& last = plain.hops.back();
    const bool is_cut_short = plain.final() == nullptr;
    if (is_cut_short && (!last.redirect || last.redirect->scheme == Scheme::http)) {
        return {plain.end, {}}; // what follows, a loop or a host not registered, may lead to https
    }
    const auto evidence = base::Json::object({
        {"http_url", first.url.str()},
        {"http_status", first.status},
        {"ends_at", last.redirect ? last.redirect->str() : last.url.str()},
        {"https_url", secure.hops.front().url.str()},
        {"https_status", secure.hops.front().status},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
