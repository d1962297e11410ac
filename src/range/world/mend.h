// Taking faults away from a site that runs.
#pragma once

#include "range/world/world.h"

#include <string_view>

namespace fengsui::range {

/// The site one of whose targets is spelled so, or null.
Site* find_site(World& world, std::string_view target);
/// Takes the fault away with what goes only with it; false when it is not there or cannot be mended.
bool mend_fault(Site& site, Fault fault);

} // namespace fengsui::range
