#include "model/hidden_links.h"
#include "model/page_shape.h"
#include "probe/http/probe.h"

namespace fengsui::probe::http {

namespace {

using model::HttpExchange;
using model::PageChange;
using model::Reason;

constexpr std::size_t kIntegrityPage = std::size_t{512} * 1024;

/// We say who we are and that we crawl; we claim to be no search engine. Pages that are planted for search
/// engines mostly ask for words like these.
constexpr std::string_view kCrawlerNote = "(compatible; bot; spider)";

enum class Guise : std::uint8_t { visitor, crawler };

net::Task<HttpExchange> fetch_as(Visit& visit, model::Url url, Guise guise) {
    net::HttpRequest request;
    request.url = std::move(url);
    request.extra = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
    request.limits.body = kIntegrityPage;
    if (guise == Guise::crawler) {
        request.user_agent_note = kCrawlerNote;
    }
    const auto exchange = co_await visit.fetch(std::move(request), false);
    co_return exchange;
}

/// Something that is believed only when seen twice.
bool is_suspicious(
    const HttpExchange& page, const model::PageShape& shape, const model::PageBaseline& baseline
) {
    const bool is_departed =
        baseline.is_enough() && judge_departure(departure(baseline, shape)) != PageChange::none;
    return is_departed || !model::planted_by(baseline, model::link_blocks(page)).empty();
}

} // namespace

net::Task<model::IntegrityObservation> look_at_integrity(Visit& visit, const model::WebObservation& web) {
    model::IntegrityObservation seen;
    seen.baseline = visit.plan().baseline;
    const auto* page = web.document();
    const auto shape = page == nullptr ? model::PageShape() : model::shape_of(*page);
    if (!shape.is_page) {
        seen.outcome = web.outcome.is_completed() ? model::skipped(Reason::not_applicable) : web.outcome;
        co_return seen;
    }
    seen.outcome = visit.may_go_on();
    if (!seen.outcome.is_completed()) {
        co_return seen;
    }
    const auto url = page->url;
    seen.crawler = co_await fetch_as(visit, url, Guise::crawler);
    const bool is_cloaked = view_difference(shape, model::shape_of(*seen.crawler)).any();
    if (is_cloaked || is_suspicious(*page, shape, seen.baseline)) {
        seen.visitor_again = co_await fetch_as(visit, url, Guise::visitor);
    }
    if (is_cloaked) {
        seen.crawler_again = co_await fetch_as(visit, url, Guise::crawler);
    }
    co_return seen;
}

} // namespace fengsui::probe::http
