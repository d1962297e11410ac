#include "check/common/integrity_views.h"

#include <algorithm>
#include <cmath>

namespace fengsui::check {

namespace {

using model::PageChange;
using model::Reason;

constexpr std::size_t kMaxListed = 10;

base::Json list_of(const std::vector<std::string>& texts) {
    base::Json list = base::Json::array();
    for (std::size_t i = 0; i < std::min(texts.size(), kMaxListed); ++i) {
        list.push(texts[i]);
    }
    return list;
}

int percent(double share) {
    return static_cast<int>(std::lround(share * 100));
}

/// The lesser of two: only what both fetches show stands.
PageChange lesser(PageChange a, PageChange b) {
    return std::min(a, b);
}

} // namespace

ConfirmedChange confirmed_change(const model::Observation& seen) {
    ConfirmedChange found;
    const auto& baseline = seen.integrity.baseline;
    const auto* page = seen.web.document();
    if (!baseline.is_enough() || page == nullptr) {
        found.why_not = model::skipped(Reason::not_applicable); // still learning, or nothing kept
        return found;
    }
    found.departure = model::departure(baseline, model::shape_of(*page));
    found.change = model::judge_departure(found.departure);
    if (found.change == PageChange::none) {
        return found;
    }
    const auto& again = seen.integrity.visitor_again;
    if (!again || !again->outcome.is_completed()) {
        found.why_not = again ? again->outcome : model::skipped(Reason::stopped);
        return found;
    }
    const auto second = model::shape_of(*again);
    if (!second.is_page) {
        found.why_not = model::skipped(Reason::not_applicable); // an error page in between
        return found;
    }
    found.change = lesser(found.change, model::judge_departure(model::departure(baseline, second)));
    return found;
}

base::Json change_evidence(const model::Observation& seen, const ConfirmedChange& found) {
    const auto& baseline = seen.integrity.baseline;
    const auto shape = model::shape_of(*seen.web.document());
    return base::Json::object(
        {{"url", seen.web.document()->url.str()},
         {"blocks_lost_percent", percent(found.departure.blocks_lost)},
         {"links_lost_percent", percent(found.departure.links_lost)},
         {"structure_bits", found.departure.structure},
         {"title_before", baseline.title},
         {"title_now", shape.title},
         {"new_sources", list_of(found.departure.new_resources)},
         {"new_links", list_of(found.departure.new_domains)},
         {"learned_visits", baseline.visits},
         {"learned_until", base::format_rfc3339(baseline.last)}}
    );
}

} // namespace fengsui::check
