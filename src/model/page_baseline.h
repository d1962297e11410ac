// What several visits taught about a page: which of its features stand, and which come and go.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "model/page_shape.h"

namespace fengsui::model {

struct LearnedFeature {
    PageFeature feature;
    std::uint32_t seen = 0; ///< bit i: in the i-th last visit
};

struct PageBaseline {
    unsigned visits = 0; ///< learned from; counts on beyond what `seen` remembers
    base::Instant first{};
    base::Instant last{};
    std::vector<LearnedFeature> features; ///< sorted by feature
    std::uint64_t structure = 0;          ///< of the last visit learned
    std::string title;                    ///< likewise

    /// Judging before the page has been seen so often would call every rotation a change.
    static constexpr unsigned kEnough = 3;
    [[nodiscard]] bool is_enough() const { return visits >= kEnough; }
    /// In at least four of five visits remembered.
    [[nodiscard]] bool is_stable(const LearnedFeature& feature) const;
    /// Ever seen in the visits remembered.
    [[nodiscard]] bool knows(const PageFeature& feature) const;

    /// The same with one visit more. A page that is none teaches nothing.
    [[nodiscard]] PageBaseline learn(const PageShape& shape, base::Instant at) const;

    [[nodiscard]] base::Json to_json() const;
    static base::Result<PageBaseline> from_json(const base::Json& json);
};

/// How far a page is from what was learned, each share 0 to 1.
struct Departure {
    std::size_t stable_blocks = 0;
    double blocks_lost = 0;    ///< of the stable text blocks
    double resources_lost = 0; ///< of the domains that scripts, styles and frames came from
    std::size_t stable_links = 0;
    double links_lost = 0;                  ///< of the outside domains linked
    std::vector<std::string> new_domains;   ///< linked, never seen before
    std::vector<std::string> new_resources; ///< loaded from or sent to, never seen before
    bool is_title_new = false;
    unsigned structure = 0; ///< bits
};
Departure departure(const PageBaseline& baseline, const PageShape& shape);

enum class PageChange : std::uint8_t {
    none,
    changed,  ///< most of what stood is gone, or scripts come from where none came before
    redesign, ///< most is gone, but the page is still made of the same places
    replaced, ///< nothing of it is left
};
PageChange judge_departure(const Departure& departure);

} // namespace fengsui::model
