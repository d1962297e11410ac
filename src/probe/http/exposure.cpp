#include "probe/http/decode.h"
#include "probe/http/probe.h"

#include <algorithm>

namespace fengsui::probe::http {

namespace {

using model::HttpExchange;
using model::Outcome;
using model::Url;

constexpr std::size_t kAnswerLimit = std::size_t{32} * 1024;
constexpr unsigned kFailuresToGiveUp = 3;

net::HttpRequest ask_for(Url url) {
    net::HttpRequest request;
    request.url = std::move(url);
    request.extra = {{"Accept", "*/*"}};
    request.limits.body = kAnswerLimit;
    return request;
}

std::vector<Url> control_urls(const Visit& visit, const Url& origin) {
    std::vector<Url> urls;
    const auto add = [&](std::string_view before, std::string_view salt, std::string_view after) {
        Url url = origin;
        url.query.clear();
        url.path = before;
        url.path += control_name(visit.asset().id, visit.plan().judged_at, salt);
        url.path += after;
        urls.push_back(std::move(url));
    };
    add("/", "page", "");
    add("/", "archive", ".zip");
    add("/.", "hidden", "");
    return urls;
}

net::Task<Outcome> ask_controls(Visit& visit, Url origin, std::vector<HttpExchange>& controls) {
    for (auto& url : control_urls(visit, origin)) {
        auto exchange = co_await visit.fetch(ask_for(std::move(url)), false);
        const auto outcome = exchange.outcome;
        controls.push_back(std::move(exchange));
        if (!outcome.is_completed()) {
            co_return outcome; // without them a soft 404 cannot be told from a file
        }
    }
    co_return model::completed();
}

/// Exchanges of paths that are not asked for, because the answers before say that it is of no use.
HttpExchange unasked_path(Url url, Outcome outcome) {
    HttpExchange exchange;
    exchange.url = std::move(url);
    exchange.outcome = outcome;
    return exchange;
}

net::Task<> ask_paths(Visit& visit, Url origin, model::ExposureObservation& exposure) {
    unsigned failures = 0;
    Outcome given_up = exposure.outcome;
    for (const auto& wanted : visit.plan().paths) {
        auto url = wanted_url(origin, wanted.path, visit.host());
        if (!url) {
            continue; // ours: the catalogue's test refuses such a path
        }
        if (!given_up.is_completed()) {
            exposure.paths.push_back({wanted.purpose, unasked_path(std::move(*url), given_up)});
            continue;
        }
        auto exchange = co_await visit.fetch(ask_for(std::move(*url)), false);
        failures = exchange.outcome.is_completed() ? 0 : failures + 1;
        if (failures >= kFailuresToGiveUp || !visit.may_go_on().is_completed()) {
            given_up = exchange.outcome;
        }
        exposure.paths.push_back({wanted.purpose, std::move(exchange)});
    }
}

/// Some walls ban a guest in mid-visit with 403. Where a made-up path, answered otherwise before, now gives
/// 403 as well, the answers 403 since the first say nothing about the files asked for.
net::Task<> doubt_after_a_ban(Visit& visit, model::ExposureObservation& exposure) {
    constexpr int kForbidden = 403;
    const auto is_forbidden = [](const HttpExchange& exchange) {
        return exchange.outcome.is_completed() && exchange.status == kForbidden;
    };
    const bool has_any = std::any_of(exposure.paths.begin(), exposure.paths.end(), [&](const auto& path) {
        return is_forbidden(path.exchange);
    });
    if (!has_any || exposure.controls.empty() || is_forbidden(exposure.controls.front())) {
        co_return;
    }
    const auto again = co_await visit.fetch(ask_for(exposure.controls.front().url), false);
    if (again.outcome.is_completed() && again.status != kForbidden) {
        co_return;
    }
    for (auto& path : exposure.paths) {
        if (is_forbidden(path.exchange)) {
            path.exchange.outcome = model::not_reached(model::Reason::rate_limited);
        }
    }
}

} // namespace

net::Task<model::ExposureObservation> look_for_exposures(Visit& visit, const model::WebObservation& web) {
    model::ExposureObservation exposure;
    const auto* answer = own_answer(web, visit.host());
    if (answer == nullptr) {
        exposure.outcome =
            web.outcome.is_completed() ? model::skipped(model::Reason::not_applicable) : web.outcome;
        co_return exposure;
    }
    const Url origin = answer->url;
    exposure.outcome = co_await ask_controls(visit, origin, exposure.controls);
    co_await ask_paths(visit, origin, exposure);
    co_await doubt_after_a_ban(visit, exposure);
    co_return exposure;
}

} // namespace fengsui::probe::http
