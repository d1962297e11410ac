// Registry data into the files that import reads.
#pragma once

#include "model/registry.h"

#include <string>

namespace fengsui::registry {

/// UTF-8 with BOM (so that spreadsheets show Chinese), CRLF. Cells that a spreadsheet would run as a formula
/// get a leading apostrophe, which import takes off again.
std::string to_csv(const model::RegistryData& data);
/// An array of objects with the same fields; empty fields are left out.
std::string to_json_text(const model::RegistryData& data);

} // namespace fengsui::registry
