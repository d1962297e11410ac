// Names that records point to and that do not exist.
#pragma once

#include "model/check.h"

namespace fengsui::check {

/// Whether it lies in the target's own zone, where no stranger can register it.
bool is_own_name(std::string_view name, std::string_view zone);

/// high when the missing domain is one that anybody might register; nothing (the check's own) when the name
/// is missing below a domain that exists, or in the target's own zone.
std::optional<model::Severity> dangling_severity(std::string_view missing, std::string_view zone);

} // namespace fengsui::check
