// The home page looked at more than once, and as search engines see it.
#pragma once

#include "model/hidden_links.h"
#include "model/page_baseline.h"

namespace fengsui::model {

struct IntegrityObservation {
    Outcome outcome;
    /// The page as a crawler that says so gets it.
    std::optional<HttpExchange> crawler;
    /// Once more each, when something is to be confirmed.
    std::optional<HttpExchange> visitor_again;
    std::optional<HttpExchange> crawler_again;
    PageBaseline baseline; ///< what earlier visits learned; empty: nothing
};

/// Blocks that look planted where the baseline, if it has learned enough, knows the places; see
/// hidden_links.h.
std::vector<LinkBlock> planted_by(const PageBaseline& baseline, const std::vector<LinkBlock>& blocks);

} // namespace fengsui::model
