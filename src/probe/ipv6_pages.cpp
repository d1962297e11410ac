// The home page over both families, and a sample of the links behind it.
#include "base/hash.h"
#include "model/html.h"
#include "model/page_shape.h"
#include "probe/ipv6.h"

#include <algorithm>
#include <set>

namespace fengsui::probe {

namespace {

using model::HttpExchange;
using model::IpAddress;
using model::Ipv6Link;
using model::Reason;

constexpr std::size_t kPageBytes = std::size_t{512} * 1024;
constexpr std::size_t kLinkBytes = std::size_t{128} * 1024;
constexpr std::size_t kSecondLevel = 6;
constexpr std::size_t kThirdLevel = 4;
/// Blocks that only one has, as a share: beyond it the page is fetched again.
constexpr double kDoubtful = 0.3;

net::HttpRequest page_request(model::Url url, std::size_t limit) {
    net::HttpRequest request;
    request.url = std::move(url);
    request.extra = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
    request.limits.body = limit;
    return request;
}

/// The final page of the asset's own host, when it was had over IPv4.
const HttpExchange* page_over_v4(const Visit& visit, const model::WebObservation& web) {
    const auto* page = web.document();
    const bool is_own =
        page != nullptr && page->url.host == visit.host() && page->address && page->address->is_v4();
    return is_own ? page : nullptr;
}

bool look_alike(const HttpExchange& a, const HttpExchange& b) {
    const auto left = model::shape_of(a);
    const auto right = model::shape_of(b);
    return a.outcome.is_completed() && b.outcome.is_completed() && a.status == b.status
           && model::difference(left, right, 'b') < kDoubtful && model::difference(left, right, 't') == 0;
}

/// Links of the page on its own host, each once, in an order that stays the same for a week: a score can be
/// repeated, and over the weeks every link has its turn.
std::vector<model::Url> own_links(
    const Visit& visit, const HttpExchange& page, std::set<std::string>& known
) {
    std::vector<std::pair<std::string, model::Url>> ranked;
    if (!page.is_html()) {
        return {};
    }
    const auto facts = model::read_html(page.text());
    const auto from =
        facts.base_href.empty() ? page.url : page.url.resolve(facts.base_href).value_or(page.url);
    const auto week =
        std::chrono::duration_cast<std::chrono::hours>(visit.plan().judged_at.time_since_epoch())
        / std::chrono::hours(24 * 7);
    for (const auto& reference : facts.references) {
        const auto url = from.resolve(reference.url);
        const bool is_link = reference.element == "a" && url && url->host == page.url.host
                             && url->scheme == page.url.scheme && url->port == page.url.port;
        if (is_link && known.insert(url->str()).second) {
            ranked.emplace_back(base::sha256(std::to_string(week) + url->str()), *url);
        }
    }
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<model::Url> links;
    for (auto& [rank, url] : ranked) {
        links.push_back(std::move(url));
    }
    return links;
}

bool is_failed(const HttpExchange& exchange) {
    return !exchange.outcome.is_completed() || !Ipv6Link::is_good(exchange.status);
}

struct LinkLook {
    Ipv6Link link;
    HttpExchange page; ///< over IPv6
};

/// Over IPv4 only when it fails over IPv6, and then once more over IPv6.
net::Task<LinkLook> try_link(Visit& visit, model::Url url, int level, IpAddress v4, IpAddress v6) {
    LinkLook look;
    look.link.url = url.str();
    look.link.level = level;
    look.page = co_await visit.fetch_from(page_request(url, kLinkBytes), v6);
    if (is_failed(look.page)) {
        const auto other = co_await visit.fetch_from(page_request(url, kLinkBytes), v4);
        look.link.over_v4 = other.outcome;
        look.link.status_v4 = other.status;
        if (!is_failed(other)) {
            look.page = co_await visit.fetch_from(page_request(url, kLinkBytes), v6);
        }
    }
    look.link.over_v6 = look.page.outcome;
    look.link.status_v6 = look.page.status;
    co_return look;
}

} // namespace

net::Task<model::Ipv6Pages> compare_pages(Visit& visit, const model::WebObservation& web, IpAddress v6) {
    model::Ipv6Pages pages;
    const auto* page = page_over_v4(visit, web);
    if (page == nullptr) {
        co_return pages; // without IPv4 there is nothing to compare with
    }
    pages.outcome = visit.may_go_on();
    if (!pages.outcome.is_completed()) {
        co_return pages;
    }
    const auto v4 = *page->address;
    pages.over_v4 = *page;
    pages.over_v6 = co_await visit.fetch_from(page_request(page->url, kPageBytes), v6);
    if (!pages.over_v6.outcome.is_completed()) {
        pages.outcome = pages.over_v6.outcome;
        co_return pages;
    }
    if (!look_alike(pages.over_v4, pages.over_v6)) {
        pages.over_v4_again = co_await visit.fetch_from(page_request(page->url, kPageBytes), v4);
        pages.over_v6_again = co_await visit.fetch_from(page_request(page->url, kPageBytes), v6);
    }
    co_return pages;
}

net::Task<model::Ipv6Links> sample_links(Visit& visit, const model::WebObservation& web, IpAddress v6) {
    model::Ipv6Links links;
    const auto* page = page_over_v4(visit, web);
    if (page == nullptr) {
        co_return links;
    }
    const auto v4 = *page->address;
    std::set<std::string> known = {page->url.str()};
    auto second = own_links(visit, *page, known);
    second.resize(std::min(second.size(), kSecondLevel));
    std::vector<model::Url> third;
    links.outcome = model::completed();
    for (auto& url : second) {
        auto look = co_await try_link(visit, std::move(url), 2, v4, v6);
        links.links.push_back(look.link);
        auto behind = own_links(visit, look.page, known);
        third.insert(third.end(), behind.begin(), behind.end());
        links.outcome = visit.may_go_on();
        if (!links.outcome.is_completed()) {
            co_return links;
        }
    }
    third.resize(std::min(third.size(), kThirdLevel));
    for (auto& url : third) {
        auto look = co_await try_link(visit, std::move(url), 3, v4, v6);
        links.links.push_back(look.link);
        links.outcome = visit.may_go_on();
        if (!links.outcome.is_completed()) {
            co_return links;
        }
    }
    co_return links;
}

} // namespace fengsui::probe
