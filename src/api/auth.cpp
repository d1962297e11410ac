#include "api/auth.h"

#include "api/api.h"
#include "api/password.h"
#include "api/problem.h"
#include "base/codec.h"
#include "base/text.h"

#include <algorithm>

namespace fengsui::api {

namespace {

Problem unauthorised() {
    return {401, "unauthorised", "sign in, or send Authorization: Bearer TOKEN"};
}

/// What a user may see: a user of a unit its subtree, a user of the office everything.
store::VisibleUnits visible_units(Services& services, const store::User& user) {
    if (user.unit.empty()) {
        // A unit's user without a unit belongs nowhere, and sees nothing.
        const auto is_unit = std::find(user.roles.begin(), user.roles.end(), "unit") != user.roles.end();
        return is_unit ? store::VisibleUnits::none() : store::VisibleUnits();
    }
    return store::QueryStore(services.database).scope_of({user.unit});
}

Caller caller_of(Services& services, store::User user) {
    Caller caller;
    caller.visible = visible_units(services, user);
    caller.user = std::move(user);
    return caller;
}

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kBasic = "Basic ";

std::string bearer_token(const std::string& header) {
    if (!base::istarts_with(header, kBearer)) {
        throw unauthorised();
    }
    return std::string(base::trim(std::string_view(header).substr(kBearer.size())));
}

/// Name and token (RFC 7617), for tools that know no other way; a password is not taken.
std::string basic_token(const std::string& header) {
    std::string pair;
    const auto encoded = base::trim(std::string_view(header).substr(kBasic.size()));
    const bool is_good = base::decode_base64(encoded, pair);
    const auto colon = pair.find(':');
    if (!is_good || colon == std::string::npos) {
        throw unauthorised();
    }
    return pair.substr(colon + 1);
}

Caller by_token(
    Services& services, const net::ServerRequest& request, const std::string& header, base::Instant now
) {
    const bool is_basic = request.path.starts_with("/api/batch/") && base::istarts_with(header, kBasic);
    const auto token = is_basic ? basic_token(header) : bearer_token(header);
    auto user = store::UserStore(services.database).find_by_token(secret_hash(token), now);
    if (!user) {
        throw unauthorised();
    }
    return caller_of(services, std::move(*user));
}

bool is_safe(std::string_view method) {
    return method == "GET" || method == "HEAD";
}

Caller by_session(Services& services, const net::ServerRequest& request, base::Instant now) {
    const std::string secret = session_cookie(request);
    if (secret.empty()) {
        throw unauthorised();
    }
    store::UserStore users(services.database);
    const std::string hash = secret_hash(secret);
    const auto session = users.find_session(hash, now);
    auto user = session ? users.find(session->user) : std::nullopt;
    if (!user || user->disabled) {
        throw unauthorised();
    }
    const auto* csrf = request.header("X-CSRF-Token");
    if (!is_safe(request.method) && (csrf == nullptr || *csrf != session->csrf)) {
        throw Problem(403, "csrf", "send the session's csrf value as X-CSRF-Token");
    }
    Caller caller = caller_of(services, std::move(*user));
    caller.session_hash = hash;
    caller.csrf = session->csrf;
    return caller;
}

} // namespace

bool Caller::is_only_unit() const {
    const auto& roles = user.roles;
    return std::all_of(roles.begin(), roles.end(), [](const std::string& role) { return role == "unit"; });
}

bool Caller::has_role(std::string_view role) const {
    return std::find(user.roles.begin(), user.roles.end(), role) != user.roles.end();
}

Caller authenticate(Services& services, const net::ServerRequest& request, base::Instant now) {
    const auto* header = request.header("Authorization");
    return header != nullptr ? by_token(services, request, *header, now) : by_session(services, request, now);
}

bool may_use(const Caller& caller, Access access) {
    const auto& roles = caller.user.roles;
    switch (access) {
    case Access::anyone:
    case Access::signed_in:
        return true;
    case Access::authority:
        return !caller.is_only_unit();
    case Access::admin:
        return caller.has_role("admin");
    case Access::auditing:
        return caller.has_role("admin") || caller.has_role("auditor");
    case Access::operating:
        return caller.has_role("admin") || caller.has_role("officer");
    case Access::officer:
        return caller.has_role("officer");
    case Access::unit:
        return caller.has_role("unit");
    case Access::handing_in:
        return std::any_of(roles.begin(), roles.end(), [](const std::string& role) {
            return role != "auditor" && role != "admin";
        });
    }
    return false;
}

void require_access(const Caller& caller, Access access) {
    if (!may_use(caller, access)) {
        throw Problem(403, "role", "your role does not allow this");
    }
}

workflow::Actor actor_of(const Caller& caller) {
    return {caller.user.id, caller.user.roles, caller.user.unit, caller.visible};
}

std::string session_cookie(const net::ServerRequest& request) {
    return cookie_value(request, kSessionCookie);
}

std::string cookie_value(const net::ServerRequest& request, std::string_view name) {
    for (const auto& header : request.headers) {
        if (!base::iequals(header.name, "Cookie")) {
            continue;
        }
        for (const auto pair : base::split(header.value, ';')) {
            const auto equals = pair.find('=');
            if (base::trim(pair.substr(0, equals)) == name && equals != std::string_view::npos) {
                return std::string(base::trim(pair.substr(equals + 1)));
            }
        }
    }
    return {};
}

} // namespace fengsui::api
