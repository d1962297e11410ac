// The second factor of a sign-in: one-time passwords by time. Blocking.
#pragma once

#include "api/route.h"

namespace fengsui::api {

/// Throws Problem 401 `second_factor` when the user has one and the body's `code` is missing, wrong or used
/// already; a wrong one counts as a failure of the login guard. A right one is used up when this returns.
void require_second_factor(const Call& call, const store::User& user);

} // namespace fengsui::api
