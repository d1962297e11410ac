// Letting people in: the password with its guard, and the session that is opened then. Blocking.
#pragma once

#include "api/route.h"

namespace fengsui::api {

/// The user of that name and password who is not disabled, its second factor passed. Throws Problem 429
/// after too many failures, 401 `wrong_password` or `second_factor`.
store::User check_credentials(const Call& call, const std::string& name, const std::string& password);

struct OpenedSession {
    std::string csrf;
    model::HttpHeader cookie; ///< Set-Cookie
};
/// A session of twelve hours and its audit entry.
OpenedSession open_session(
    Services& services, const store::User& user, base::Instant now, const base::Json& audit_details
);

} // namespace fengsui::api
