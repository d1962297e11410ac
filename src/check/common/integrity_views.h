// Questions that the integrity checks ask of an observation.
#pragma once

#include "model/observation.h"

namespace fengsui::check {

/// A change of the page that two fetches agree on.
struct ConfirmedChange {
    std::optional<model::Outcome> why_not; ///< nothing could be judged
    model::PageChange change = model::PageChange::none;
    model::Departure departure;
};
ConfirmedChange confirmed_change(const model::Observation& seen);

base::Json change_evidence(const model::Observation& seen, const ConfirmedChange& found);

} // namespace fengsui::check
