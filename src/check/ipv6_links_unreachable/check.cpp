#include "model/check.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fengsui::check {

namespace {

struct LevelShare {
    std::uint64_t working = 0; ///< over either family: a link that is dead for all is no fault of IPv6
    std::uint64_t over_v6 = 0;
};

int percent(const LevelShare& share) {
    return share.working == 0
               ? 100
               : static_cast<int>(std::lround(
                   100.0 * static_cast<double>(share.over_v6) / static_cast<double>(share.working)
               ));
}

} // namespace

/// 二级、三级内链支持率 as shares of the links that work over IPv4 (Fengsui's own bounded sample).
model::Verdict ipv6_links_unreachable(const model::Observation& seen, const base::Json& parameters) {
    const auto wanted = parameters["percent_wanted"].as_int();
    std::array<LevelShare, 2> levels;
    base::Json failed = base::Json::array();
    for (const auto& link : seen.ipv6.links.links) {
        auto& level = levels.at(link.level == 2 ? 0 : 1);
        if (!link.works()) {
            continue;
        }
        ++level.working;
        level.over_v6 += link.works_over_v6() ? 1 : 0;
        if (!link.works_over_v6()) {
            failed.push(link.url);
        }
    }
    if (levels[0].working + levels[1].working == 0) {
        return {model::skipped(model::Reason::not_applicable), {}};
    }
    const int second = percent(levels[0]);
    const int third = percent(levels[1]);
    if (second >= wanted && third >= wanted) {
        return {};
    }
    const auto evidence = base::Json::object(
        {{"second_level_percent", second},
         {"second_level_sampled", levels[0].working},
         {"third_level_percent", third},
         {"third_level_sampled", levels[1].working},
         {"failed", std::move(failed)}}
    );
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
