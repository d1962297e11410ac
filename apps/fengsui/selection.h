// Which targets and checks a command line means.
#pragma once

#include "base/messages.h"
#include "pipeline/probe_flow.h"

namespace fengsui::apps {

struct Selection {
    std::vector<pipeline::PatrolTarget> targets;
    std::vector<pipeline::TargetReport> refused; ///< named but not registered: their coverage
};

/// Checks whose id matches any of the globs; all when there is none. Throws when a glob matches nothing.
std::vector<const check::Check*> select_checks(
    const std::vector<std::string>& globs, base::Language language
);

/// The assets of these units and the units below them; all when none is named. Throws when that is nothing.
Selection select_registered(
    const model::RegistryData& data,
    const std::vector<std::string>& units,
    const std::vector<const check::Check*>& checks,
    base::Language language
);

/// The assets that these texts denote, in any spelling that means the same.
Selection select_named(
    const model::RegistryData& data,
    const std::vector<std::string>& targets,
    const std::vector<const check::Check*>& checks
);

/// Throws invalid_argument when it is no severity.
std::optional<model::Severity> parse_fail_on(const std::optional<std::string>& text, base::Language language);

} // namespace fengsui::apps
