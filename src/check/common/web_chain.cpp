#include "check/common/web_chain.h"

#include "base/text.h"

namespace fengsui::check {

namespace {

std::string_view without_www(std::string_view host) {
    constexpr std::string_view kWww = "www.";
    return base::istarts_with(host, kWww) ? host.substr(kWww.size()) : host;
}

} // namespace

bool names_a_host(const model::AssetTarget& target) {
    return !target.host.empty() && !model::IpAddress::parse(target.host).has_value();
}

bool is_same_site(std::string_view host, std::string_view other) {
    return base::iequals(without_www(host), without_www(other));
}

std::vector<const model::HttpExchange*> answered_hops(const model::WebObservation& web) {
    std::vector<const model::HttpExchange*> answers;
    for (const auto* chain : {&web.plain, &web.secure}) {
        for (const auto& hop : chain->hops) {
            if (hop.outcome.is_completed()) {
                answers.push_back(&hop);
            }
        }
    }
    return answers;
}

std::optional<model::Outcome> why_not_judged(const model::HttpExchange& document, PageKind wanted) {
    const bool is_error = document.status >= 500;
    const bool is_other_kind = wanted == PageKind::html && !document.is_html();
    if (is_error || is_other_kind) {
        return model::skipped(model::Reason::not_applicable);
    }
    return std::nullopt;
}

bool is_rate_limited(const model::HttpExchange& exchange) {
    return exchange.status == 429 || exchange.status == 503;
}

} // namespace fengsui::check
