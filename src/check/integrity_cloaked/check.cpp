#include "model/check.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using model::HttpExchange;
using model::PageShape;

constexpr std::size_t kMaxListed = 10;
/// A crawler may be spared an advertisement or shown a list for it; several places of its own are another
/// thing.
constexpr std::size_t kManyDomains = 3;

std::vector<std::string> in_both(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    std::vector<std::string> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    return common;
}

base::Json evidence_of(
    const HttpExchange& page,
    const PageShape& visitor,
    const PageShape& crawler,
    const std::vector<std::string>& domains
) {
    base::Json listed = base::Json::array();
    for (std::size_t i = 0; i < std::min(domains.size(), kMaxListed); ++i) {
        listed.push(domains[i]);
    }
    return base::Json::object(
        {{"url", page.url.str()},
         {"title_for_visitors", visitor.title},
         {"title_for_crawlers", crawler.title},
         {"only_for_crawlers_count", std::uint64_t{domains.size()}},
         {"only_for_crawlers", std::move(listed)}}
    );
}

} // namespace

/// What differs between visitor and crawler, twice, and neither between the two visits nor between the two
/// crawls (Wu and Davison's rule).
model::Verdict integrity_cloaked(const model::Observation& seen, const base::Json&) {
    const auto* page = seen.web.document();
    const auto& integrity = seen.integrity;
    if (page == nullptr || !integrity.crawler) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    if (!integrity.crawler->outcome.is_completed()) {
        return {integrity.crawler->outcome, {}};
    }
    const auto visitor = model::shape_of(*page);
    const auto crawler = model::shape_of(*integrity.crawler);
    const auto first = model::view_difference(visitor, crawler);
    if (!first.any()) {
        return {};
    }
    for (const auto* again : {&integrity.visitor_again, &integrity.crawler_again}) {
        if (!*again || !(*again)->outcome.is_completed()) {
            return {*again ? (*again)->outcome : model::skipped(model::Reason::stopped), {}};
        }
    }
    const auto visitor_again = model::shape_of(*integrity.visitor_again);
    const auto crawler_again = model::shape_of(*integrity.crawler_again);
    const auto second = model::view_difference(visitor_again, crawler_again);
    const bool is_steady = !model::view_difference(visitor, visitor_again).is_other_page
                           && !model::view_difference(crawler, crawler_again).is_other_page;
    const auto domains = in_both(first.domains, second.domains);
    const bool is_other = first.is_other_page && second.is_other_page && is_steady;
    if (!is_other && domains.size() < kManyDomains) {
        return {};
    }
    return {model::completed(), {{page->url.str(), evidence_of(*page, visitor, crawler, domains), {}}}};
}

} // namespace fengsui::check
