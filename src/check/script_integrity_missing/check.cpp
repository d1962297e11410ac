#include "model/check.h"

#include "base/text.h"
#include "check/common/web_chain.h"
#include "model/public_suffix.h"
#include "model/script_references.h"

namespace fengsui::check {

namespace {

constexpr std::size_t kMaxListed = 10;

} // namespace

/// Hosts below the page's own registrable domain are in the same hands, so they are left out.
model::Verdict script_integrity_missing(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    if (const auto why = why_not_judged(page, PageKind::html)) {
        return {*why, {}};
    }
    base::Json listed = base::Json::array();
    std::uint64_t count = 0;
    for (const auto& loaded : model::loaded_references(page.url, model::read_html(page.text()))) {
        if (loaded.has_integrity || model::is_same_registrable_domain(loaded.url.host, page.url.host)) {
            continue;
        }
        ++count;
        if (listed.items().size() < kMaxListed) {
            listed.push(base::Json::object(
                {{"element", loaded.element}, {"url", base::shorten(loaded.url.str(), 300)}}
            ));
        }
    }
    if (count == 0) {
        return {};
    }
    const auto evidence = base::Json::object({{"count", count}, {"references", std::move(listed)}});
    return {model::completed(), {{page.url.str(), evidence, {}}}};
}

} // namespace fengsui::check
