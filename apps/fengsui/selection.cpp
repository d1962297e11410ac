#include "fengsui/selection.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace fengsui::apps {

namespace {

using base::Error;
using base::ErrorCode;
using base::message;

Error wrong_use(base::Language language, std::string_view key, std::string_view value) {
    return {ErrorCode::invalid_argument, fmt::format(fmt::runtime(message(language, key)), value)};
}

/// The named units and all below them.
std::unordered_set<model::UnitId> subtrees(
    const model::RegistryData& data, const std::vector<std::string>& roots, base::Language language
) {
    std::unordered_multimap<model::UnitId, model::UnitId> children;
    std::unordered_set<model::UnitId> known;
    for (const auto& unit : data.units) {
        children.emplace(unit.parent, unit.id);
        known.insert(unit.id);
    }
    std::unordered_set<model::UnitId> chosen;
    std::vector<model::UnitId> open;
    for (const auto& root : roots) {
        if (!known.contains(model::UnitId(root))) {
            throw wrong_use(language, "error.unknown_unit", root);
        }
        open.emplace_back(root);
    }
    while (!open.empty()) {
        const model::UnitId unit = std::move(open.back());
        open.pop_back();
        if (chosen.insert(unit).second) {
            const auto [first, last] = children.equal_range(unit);
            std::for_each(first, last, [&](const auto& child) { open.push_back(child.second); });
        }
    }
    return chosen;
}

pipeline::TargetReport unregistered_report(
    const std::string& text, const std::vector<const check::Check*>& checks
) {
    pipeline::PatrolTarget target;
    target.asset.value = text;
    target.checks = checks;
    return pipeline::blind_report(target, model::refused(model::Reason::not_registered), base::now());
}

const model::Asset* find_asset(const model::RegistryData& data, const std::string& text) {
    const auto target = model::AssetTarget::parse(text);
    const std::string canonical = target ? target->canonical() : std::string();
    const auto found = std::find_if(data.assets.begin(), data.assets.end(), [&](const model::Asset& asset) {
        return asset.value == text || (!canonical.empty() && asset.target.canonical() == canonical);
    });
    return found == data.assets.end() ? nullptr : &*found;
}

} // namespace

std::vector<const check::Check*> select_checks(
    const std::vector<std::string>& globs, base::Language language
) {
    std::vector<const check::Check*> chosen;
    for (const auto& glob : globs) {
        const bool matches =
            std::any_of(check::catalog().begin(), check::catalog().end(), [&](const check::Check& check) {
                return base::glob_match(glob, check.info.id.str());
            });
        if (!matches && check::find_check(glob) == nullptr) {
            throw wrong_use(language, "error.no_checks", glob);
        }
    }
    for (const auto& check : check::catalog()) {
        const bool wanted =
            globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
                return base::glob_match(glob, check.info.id.str()) || check::find_check(glob) == &check;
            });
        if (wanted) {
            chosen.push_back(&check);
        }
    }
    return chosen;
}

Selection select_registered(
    const model::RegistryData& data,
    const std::vector<std::string>& units,
    const std::vector<const check::Check*>& checks,
    base::Language language
) {
    const auto chosen = subtrees(data, units, language);
    Selection selection;
    for (const auto& asset : data.assets) {
        if (units.empty() || chosen.contains(asset.unit)) {
            selection.targets.push_back({asset, checks});
        }
    }
    if (selection.targets.empty()) {
        throw Error(ErrorCode::invalid_argument, std::string(message(language, "error.no_targets")));
    }
    return selection;
}

Selection select_named(
    const model::RegistryData& data,
    const std::vector<std::string>& targets,
    const std::vector<const check::Check*>& checks
) {
    Selection selection;
    for (const auto& text : targets) {
        if (const model::Asset* asset = find_asset(data, text)) {
            selection.targets.push_back({*asset, checks});
        } else {
            selection.refused.push_back(unregistered_report(text, checks));
        }
    }
    return selection;
}

std::optional<model::Severity> parse_fail_on(
    const std::optional<std::string>& text, base::Language language
) {
    if (!text) {
        return std::nullopt;
    }
    const auto severity = model::parse_severity(*text);
    if (!severity) {
        throw wrong_use(language, "error.bad_severity", *text);
    }
    return severity;
}

} // namespace fengsui::apps
