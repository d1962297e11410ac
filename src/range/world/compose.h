// Which faults go together on one site.
#pragma once

#include "range/world/random.h"
#include "range/world/world.h"

namespace fengsui::range {

/// The faults that are dealt out in turn: all but those of the zone and of IPv6, less what the plan forbids.
std::vector<Fault> dealt_faults(const WorldPlan& plan);

/// Gives the site its first fault (what the fault needs comes with it) and at most `extras` more that fit.
void compose_faults(
    Site& site, Fault first, unsigned extras, const std::vector<Fault>& choice, Random& random
);

/// Whether `fault` may stand beside those that the site has.
bool fits_beside(const Site& site, Fault fault);

} // namespace fengsui::range
