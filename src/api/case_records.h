// What the handlers of case records share.
#pragma once

#include "api/route.h"

namespace fengsui::api {

/// The record as stored, or nothing (find_visible: Problem 404): it does not exist, lies outside the caller's
/// scope, or is not for a unit's eyes.
std::optional<base::Json> look_up(const Call& call, std::string_view collection, const std::string& id);
base::Json find_visible(const Call& call, std::string_view collection, const std::string& id);

} // namespace fengsui::api
