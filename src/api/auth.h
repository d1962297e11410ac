// Who is asking: bearer token or session cookie.
#pragma once

#include "api/route.h"

namespace fengsui::api {

/// The caller of a request, from its credentials. Throws Problem 401 when there is none or it is no good,
/// 403 `csrf` when a cookie's unsafe request lacks the token. Blocking.
Caller authenticate(Services& services, const net::ServerRequest& request, base::Instant now);

[[nodiscard]] bool may_use(const Caller& caller, Access access);
/// Throws Problem 403 when the caller's roles do not allow it.
void require_access(const Caller& caller, Access access);

/// The caller as the case engine knows users.
workflow::Actor actor_of(const Caller& caller);

/// The value of that cookie, or empty.
std::string cookie_value(const net::ServerRequest& request, std::string_view name);
/// The value of the session cookie, or empty.
std::string session_cookie(const net::ServerRequest& request);

inline constexpr std::string_view kSessionCookie = "fengsui_session";

} // namespace fengsui::api
