#include "model/check.h"

#include "base/text.h"
#include "check/common/header_csp.h"
#include "check/common/web_chain.h"
#include "model/script_references.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using model::HtmlReference;
using model::Severity;
using model::Url;

constexpr std::size_t kMaxListed = 10;

/// How grave a reference in clear would be; nothing when it loads or sends nothing (a plain link).
std::optional<Severity> weight_of(const HtmlReference& reference) {
    if (model::is_data_block(reference)) {
        return std::nullopt;
    }
    const std::string_view element = reference.element;
    if (element == "link") {
        if (model::has_word(reference.rel, "stylesheet") || model::has_word(reference.rel, "modulepreload")) {
            return Severity::medium;
        }
        return model::has_word(reference.rel, "icon") ? std::optional(Severity::low) : std::nullopt;
    }
    constexpr std::string_view kActive[] = {"script", "iframe", "frame", "object", "embed", "form", "button"};
    constexpr std::string_view kPassive[] = {"img", "audio", "video", "source", "track", "input", "image"};
    if (std::find(std::begin(kActive), std::end(kActive), element) != std::end(kActive)
        || reference.attribute == "formaction") {
        return Severity::medium;
    }
    if (std::find(std::begin(kPassive), std::end(kPassive), element) != std::end(kPassive)) {
        return Severity::low;
    }
    return std::nullopt;
}

/// Loopback is trustworthy by definition (Secure Contexts 3.1): pages reach signing devices that way.
bool is_loopback(const Url& url) {
    const auto address = url.address();
    const bool is_name = url.host == "localhost" || url.host.ends_with(".localhost");
    return is_name || (address && (address->str().starts_with("127.") || address->str() == "::1"));
}

bool upgrades_requests(const std::vector<CspPolicy>& policies) {
    return std::any_of(policies.begin(), policies.end(), [](const CspPolicy& policy) {
        return policy.find("upgrade-insecure-requests") != nullptr;
    });
}

struct MixedContent {
    base::Json listed = base::Json::array();
    std::uint64_t count = 0;
    Severity severity = Severity::low;
};

MixedContent find_mixed(const Url& page, const model::HtmlFacts& html) {
    MixedContent found;
    auto base_url = page;
    if (auto resolved = page.resolve(html.base_href); resolved && !html.base_href.empty()) {
        base_url = *resolved;
    }
    for (const auto& reference : html.references) {
        const auto weight = weight_of(reference);
        const auto url = base_url.resolve(reference.url);
        if (!weight || !url || url->scheme != model::Scheme::http
            || (is_loopback(*url) && url->host != page.host)) {
            continue;
        }
        ++found.count;
        found.severity = std::max(found.severity, *weight);
        if (found.listed.items().size() < kMaxListed) {
            found.listed.push(
                base::Json::object({{"element", reference.element}, {"url", base::shorten(url->str(), 300)}})
            );
        }
    }
    return found;
}

} // namespace

model::Verdict http_mixed_content(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    const auto why = why_not_judged(page, PageKind::html);
    if (why || page.url.scheme != model::Scheme::https) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    const auto html = model::read_html(page.text());
    if (upgrades_requests(csp_policies(page, &html))) {
        return {};
    }
    auto found = find_mixed(page.url, html);
    if (found.count == 0) {
        return {};
    }
    const auto evidence =
        base::Json::object({{"count", found.count}, {"references", std::move(found.listed)}});
    return {model::completed(), {{page.url.str(), evidence, found.severity}}};
}

} // namespace fengsui::check
