// Whose records a caller may touch, for all handlers that take a unit.
#pragma once

#include "api/route.h"

namespace fengsui::api {

[[nodiscard]] bool sees_unit(const Call& call, const model::UnitId& unit);
/// Problem 422 naming `field` when there is no such unit in the caller's scope.
void require_unit(const Call& call, const model::UnitId& unit, std::string_view field);

} // namespace fengsui::api
