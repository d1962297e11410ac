// Where one check stands about one asset: what grades are made from.
#pragma once

#include "model/finding.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::model {

struct CheckStanding {
    CheckId check;
    bool is_judged = false; ///< it completed, now or earlier
    /// Of its present findings that nobody dismissed as not real.
    std::optional<Severity> worst;
    bool is_accepted = false; ///< all of these are accepted risk
    std::vector<std::string> findings;
};

} // namespace fengsui::model
