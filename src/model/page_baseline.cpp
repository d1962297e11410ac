#include "model/page_baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace fengsui::model {

namespace {

using base::Json;

constexpr unsigned kRemembered = 16;
constexpr std::size_t kMaxLearned = 2000;
/// Structures of unlike pages differ in about half of the 64 bits; rotations and lists in few.
constexpr unsigned kOtherTags = 16;

unsigned remembered(unsigned visits) {
    return std::min(visits, kRemembered);
}

std::uint32_t mask_of(unsigned visits) {
    return (std::uint32_t{1} << remembered(visits)) - 1;
}

const LearnedFeature* find_feature(const std::vector<LearnedFeature>& features, const PageFeature& wanted) {
    const auto at = std::lower_bound(
        features.begin(),
        features.end(),
        wanted,
        [](const LearnedFeature& one, const PageFeature& text) { return one.feature < text; }
    );
    return at != features.end() && at->feature == wanted ? &*at : nullptr;
}

/// What was stable, and how much of it is gone.
struct Loss {
    std::size_t stable = 0;
    std::size_t lost = 0;
    [[nodiscard]] double share() const {
        return stable == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(stable);
    }
};

Loss loss_of(const PageBaseline& baseline, const PageShape& shape, char kind) {
    Loss loss;
    for (const auto& learned : baseline.features) {
        if (learned.feature.front() == kind && baseline.is_stable(learned)) {
            ++loss.stable;
            loss.lost += shape.has(learned.feature) ? 0 : 1;
        }
    }
    return loss;
}

} // namespace

bool PageBaseline::is_stable(const LearnedFeature& feature) const {
    const auto count = static_cast<unsigned>(std::popcount(feature.seen & mask_of(visits)));
    return visits > 0 && count * 5 >= remembered(visits) * 4;
}

bool PageBaseline::knows(const PageFeature& feature) const {
    return find_feature(features, feature) != nullptr;
}

PageBaseline PageBaseline::learn(const PageShape& shape, base::Instant at) const {
    if (!shape.is_page) {
        return *this;
    }
    PageBaseline next;
    next.visits = visits + 1;
    next.first = visits == 0 ? at : first;
    next.last = at;
    next.structure = shape.structure;
    next.title = shape.title;
    for (const auto& learned : features) {
        const std::uint32_t seen =
            (learned.seen << 1U | (shape.has(learned.feature) ? 1U : 0U)) & mask_of(next.visits);
        if (seen != 0) {
            next.features.push_back({learned.feature, seen});
        }
    }
    for (const auto& feature : shape.features) {
        if (!knows(feature) && next.features.size() < kMaxLearned) {
            next.features.push_back({feature, 1});
        }
    }
    std::sort(next.features.begin(), next.features.end(), [](const auto& a, const auto& b) {
        return a.feature < b.feature;
    });
    return next;
}

Json PageBaseline::to_json() const {
    Json list = Json::array();
    for (const auto& learned : features) {
        list.push(fmt::format("{:x} {}", learned.seen, learned.feature));
    }
    return Json::object(
        {{"visits", visits},
         {"first", base::format_rfc3339(first)},
         {"last", base::format_rfc3339(last)},
         {"structure", fmt::format("{:x}", structure)},
         {"title", title},
         {"features", list}}
    );
}

base::Result<PageBaseline> PageBaseline::from_json(const Json& json) {
    const base::Error bad(base::ErrorCode::invalid_argument, "not a page's baseline");
    PageBaseline baseline;
    const auto first_seen = base::parse_rfc3339(json["first"].as_string());
    const auto last_seen = base::parse_rfc3339(json["last"].as_string());
    if (!json["visits"].is_int() || !first_seen || !last_seen) {
        return bad;
    }
    baseline.visits = static_cast<unsigned>(std::clamp<std::int64_t>(json["visits"].as_int(), 0, 1'000'000));
    baseline.first = *first_seen;
    baseline.last = *last_seen;
    baseline.structure = std::strtoull(json["structure"].as_string().c_str(), nullptr, 16);
    baseline.title = json["title"].as_string();
    for (const auto& item : json["features"].items()) {
        const auto& text = item.as_string();
        const auto space = text.find(' ');
        if (space == std::string::npos || space + 3 >= text.size()
            || baseline.features.size() >= kMaxLearned) {
            return bad;
        }
        const auto seen = static_cast<std::uint32_t>(std::strtoul(text.c_str(), nullptr, 16));
        baseline.features.push_back({text.substr(space + 1), seen});
    }
    std::sort(baseline.features.begin(), baseline.features.end(), [](const auto& a, const auto& b) {
        return a.feature < b.feature;
    });
    return baseline;
}

Departure departure(const PageBaseline& baseline, const PageShape& shape) {
    Departure found;
    const auto blocks = loss_of(baseline, shape, 'b');
    found.stable_blocks = blocks.stable;
    found.blocks_lost = blocks.share();
    found.resources_lost = loss_of(baseline, shape, 'r').share();
    const auto links = loss_of(baseline, shape, 'd');
    found.stable_links = links.stable;
    found.links_lost = links.share();
    found.is_title_new = true;
    for (const auto& feature : shape.features) {
        const bool is_known = baseline.knows(feature);
        switch (feature.front()) {
        case 't':
            found.is_title_new = found.is_title_new && !is_known;
            break;
        case 'd':
            if (!is_known) {
                found.new_domains.push_back(feature.substr(2));
            }
            break;
        case 'r':
        case 'f':
            if (!is_known) {
                found.new_resources.push_back(feature.substr(2));
            }
            break;
        default:
            break;
        }
    }
    found.structure = structure_distance(baseline.structure, shape.structure);
    return found;
}

PageChange judge_departure(const Departure& found) {
    constexpr double kMost = 0.8;
    constexpr double kNearlyEverything = 0.95;
    const bool is_emptied = found.stable_blocks > 0 && found.blocks_lost >= kNearlyEverything;
    const bool is_mostly_gone = found.stable_blocks > 0 && found.blocks_lost >= kMost;
    const bool is_other_structure = found.structure >= kOtherTags;
    const bool keeps_links = found.stable_links > 0 && found.links_lost < kMost;
    if (is_emptied && found.is_title_new && is_other_structure && !keeps_links) {
        return PageChange::replaced;
    }
    const bool is_same_house = found.new_resources.empty() && (keeps_links || !found.is_title_new);
    if (is_mostly_gone && is_other_structure && is_same_house) {
        return PageChange::redesign;
    }
    if (is_mostly_gone || !found.new_resources.empty()) {
        return PageChange::changed;
    }
    return PageChange::none;
}

} // namespace fengsui::model
