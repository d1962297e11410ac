// What is wrong with a registry file, said by row and column.
#pragma once

#include "fengsui/settings.h"

#include "registry/import.h"

namespace fengsui::apps {

/// Unless the reading is sound: says what is wrong, as sentences on standard error and, in a pipe, as JSON
/// lines of type `problem` on standard output; then throws invalid_argument.
void require_usable(
    const Settings& settings, const std::string& file, const registry::ImportReading& reading
);

/// The data of a sound file; otherwise as above.
model::RegistryData read_registry_or_report(const Settings& settings, const std::string& file);

} // namespace fengsui::apps
