// What the readers share: a result, and the words other tools use for severities.
#pragma once

#include "workflow/intake.h"

namespace fengsui::workflow::intake {

/// One of our five words; empty when it is none that we know.
std::string severity_word(std::string_view word);
/// A check id from another tool's name: `nuclei.git-config` → `nuclei.git_config`.
std::string check_id(std::string_view tool, std::string_view name);

struct Claim {
    std::size_t line = 0;
    std::string where; ///< URL, host or address
    std::string check;
    std::string locator;
    std::string severity;
    std::string title;
    base::Json evidence = base::Json::object();
};
/// The claim as a result, or among the unmatched with the reason.
void take(Claim claim, const AssetFinder& find, Intake& intake);

/// What follows host and port of a URL; a bare host has none.
std::string locator_of(std::string_view where);

} // namespace fengsui::workflow::intake
