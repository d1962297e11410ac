#include "probe/http/probe.h"

#include "probe/http/decode.h"

#include <algorithm>

namespace fengsui::probe::http {

namespace {

using model::HttpChain;
using model::HttpExchange;
using model::Outcome;
using model::Reason;
using model::Url;
using Part = model::ObservationPart;

constexpr std::size_t kPageLimit = std::size_t{512} * 1024;
constexpr std::size_t kSecurityTxtLimit =
    std::size_t{100} * 1024; // RFC 9116 sets none; 100 kB is what others read
constexpr std::size_t kDirectoryLimit = std::size_t{64} * 1024;
constexpr std::size_t kMaxDirectories = 3;

net::HttpRequest get(Url url, std::size_t limit) {
    net::HttpRequest request;
    request.url = std::move(url);
    request.extra = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
    request.limits.body = limit;
    return request;
}

/// Adds one exchange and says where the chain leads from there.
std::optional<Url> add_hop(HttpChain& chain, HttpExchange exchange) {
    chain.hops.push_back(std::move(exchange));
    const auto& hop = chain.hops.back();
    chain.end = hop.outcome.is_completed() ? judge_location(hop) : hop.outcome;
    return hop.outcome.is_completed() && hop.is_redirect() ? hop.redirect : std::nullopt;
}

/// A page that another chain has fetched is not fetched again: polite, and both chains tell one story.
net::Task<HttpChain> follow(
    Visit& visit, Url start, std::size_t limit, std::vector<const HttpChain*> others
) {
    HttpChain chain;
    std::optional<Url> next = std::move(start);
    while (next) {
        chain.end = judge_hop(chain.hops, *next);
        if (!chain.end.is_completed()) {
            break;
        }
        if (const auto* page = find_page(others, *next)) {
            next = add_hop(chain, *page);
            continue;
        }
        const auto reached = co_await visit.reach(next->host);
        if (!reached.outcome.is_completed() && !chain.hops.empty()) {
            chain.end = reached.outcome; // the redirecting hop stays the last
            break;
        }
        auto exchange = co_await visit.fetch(get(*next, limit), true);
        next = add_hop(chain, std::move(exchange));
    }
    co_return chain;
}

net::Task<HttpChain> follow_start(
    Visit& visit, std::optional<Url> start, std::vector<const HttpChain*> others
) {
    HttpChain chain;
    if (start) {
        chain = co_await follow(visit, *start, kPageLimit, std::move(others));
    }
    co_return chain; // without a start: skipped/not_applicable, the default
}

/// completed when either was reached; else what both came to: the registered URL before its counterpart,
/// our own reasons and refusals last.
Outcome web_outcome(const model::WebObservation& web, const model::AssetTarget& target) {
    if (web.plain.reached() || web.secure.reached()) {
        return model::completed();
    }
    Outcome worst;
    const bool is_secure = target.url && target.url->scheme == model::Scheme::https;
    for (const auto* chain : {is_secure ? &web.secure : &web.plain, is_secure ? &web.plain : &web.secure}) {
        const bool is_skipped_by_us =
            chain->end == model::skipped(Reason::stopped) || chain->end == model::skipped(Reason::deadline);
        if (is_skipped_by_us) {
            return chain->end;
        }
        if (!chain->hops.empty() && (worst == Outcome() || worst.status == model::CoverageStatus::refused)) {
            worst = chain->end;
        }
    }
    return worst;
}

net::Task<std::optional<HttpExchange>> ask_options(Visit& visit, const model::WebObservation& web) {
    const auto* page = web.document();
    if (page == nullptr) {
        co_return std::nullopt;
    }
    auto request = get(page->url, 4096);
    request.method = net::HttpMethod::options;
    request.url.path = "/";
    request.url.query.clear();
    auto exchange = co_await visit.fetch(std::move(request), false);
    co_return exchange;
}

/// RFC 9116 section 3: https, well-known path. Without https the plain one is looked at.
net::Task<HttpChain> ask_security_txt(Visit& visit, const model::WebObservation& web) {
    const auto& reached = web.secure.reached() ? web.secure : web.plain;
    if (!reached.reached()) {
        HttpChain nothing;
        nothing.end = web.outcome;
        co_return nothing;
    }
    auto url = reached.hops.front().url;
    url.path = "/.well-known/security.txt";
    url.query.clear();
    const std::vector<const HttpChain*> others = {&web.secure, &web.plain};
    co_return co_await follow(visit, std::move(url), kSecurityTxtLimit, others);
}

net::Task<std::vector<HttpExchange>> ask_directories(Visit& visit, const model::WebObservation& web) {
    std::vector<HttpExchange> answers;
    const auto* page = web.document();
    if (page == nullptr) {
        co_return answers;
    }
    auto urls = linked_directories(*page, kMaxDirectories);
    // Nobody links the directory of a picture: that is careful, and on the asset's own host only.
    if (visit.is_careful() && page->url.host == visit.host()) {
        for (auto& url : resource_directories(*page, kMaxDirectories)) {
            if (std::find(urls.begin(), urls.end(), url) == urls.end()) {
                urls.push_back(std::move(url));
            }
        }
    }
    for (auto& url : urls) {
        auto exchange = co_await visit.fetch(get(std::move(url), kDirectoryLimit), false);
        const bool is_over = !exchange.outcome.is_completed();
        answers.push_back(std::move(exchange));
        if (is_over) {
            break;
        }
    }
    co_return answers;
}

} // namespace

net::Task<model::WebObservation> look_at_web(Visit& visit) {
    model::WebObservation web;
    const auto starts = start_urls(visit.asset().target, visit.host(), visit.services().scope);
    // Named first: g++ 12 miscompiles initializer lists inside a co_await expression.
    const std::vector<const HttpChain*> none;
    web.plain = co_await follow_start(visit, starts.plain, none);
    const std::vector<const HttpChain*> plain = {&web.plain};
    web.secure = co_await follow_start(visit, starts.secure, plain);
    web.outcome = web_outcome(web, visit.asset().target);
    const auto& plan = visit.plan();
    if (!web.outcome.is_completed()) {
        web.security_txt.end = web.outcome;
        co_return web;
    }
    if (plan.wants(Part::options)) {
        web.options = co_await ask_options(visit, web);
    }
    if (plan.wants(Part::document) || plan.wants(Part::web)) {
        web.directories = co_await ask_directories(visit, web);
    }
    if (plan.wants(Part::security_txt)) {
        web.security_txt = co_await ask_security_txt(visit, web);
    }
    co_return web;
}

} // namespace fengsui::probe::http
