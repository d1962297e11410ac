#include "model/check.h"

#include "model/page_shape.h"

#include <cmath>

namespace fengsui::check {

namespace {

using model::HttpExchange;

/// Text blocks that only one page has, as a share. Rotating news and per-node counters stay well below.
constexpr double kOtherContent = 0.5;

/// A page that differs from itself that much cannot be compared with anything.
bool is_steady(const HttpExchange& first, const HttpExchange& second) {
    return first.status == second.status
           && model::difference(model::shape_of(first), model::shape_of(second), 'b') < kOtherContent / 2;
}

bool is_busy(const HttpExchange& exchange) {
    return exchange.status == 429 || exchange.status == 503;
}

base::Json evidence_of(const HttpExchange& v4, const HttpExchange& v6, double share) {
    const auto left = model::shape_of(v4);
    const auto right = model::shape_of(v6);
    return base::Json::object(
        {{"url", v4.url.str()},
         {"status_v4", v4.status},
         {"status_v6", v6.status},
         {"title_v4", left.title},
         {"title_v6", right.title},
         {"different_blocks_percent", static_cast<int>(std::lround(share * 100))}}
    );
}

} // namespace

model::Verdict ipv6_content_differs(const model::Observation& seen, const base::Json&) {
    const auto& pages = seen.ipv6.pages;
    const bool is_confirmed =
        pages.over_v4_again.outcome.is_completed() && pages.over_v6_again.outcome.is_completed();
    if (!is_confirmed) {
        const bool was_asked = !pages.over_v4_again.url.host.empty();
        return was_asked ? model::Verdict{pages.over_v4_again.outcome.is_completed()
                                              ? pages.over_v6_again.outcome
                                              : pages.over_v4_again.outcome,
                                          {}}
                         : model::Verdict{}; // alike at the first look
    }
    const auto& v4 = pages.over_v4_again;
    const auto& v6 = pages.over_v6_again;
    if (is_busy(v4) || is_busy(v6)) {
        return {model::not_reached(model::Reason::rate_limited), {}};
    }
    if (!is_steady(pages.over_v4, v4) || !is_steady(pages.over_v6, v6)) {
        return {};
    }
    const double share = model::difference(model::shape_of(v4), model::shape_of(v6), 'b');
    if (v4.status == v6.status && share < kOtherContent) {
        return {};
    }
    return {model::completed(), {{v4.url.str(), evidence_of(v4, v6, share), {}}}};
}

} // namespace fengsui::check
