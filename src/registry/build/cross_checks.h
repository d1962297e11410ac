// What can be wrong between records: the tree of units, and two units that claim the same.
#pragma once

#include "registry/build/registry_builder.h"

namespace fengsui::registry::build {

/// `existing` is what the store holds; only its units that the draft does not list count.
void check_across(const Draft& draft, const model::RegistryData& existing, table::Problems& problems);

} // namespace fengsui::registry::build
