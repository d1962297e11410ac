// Sign-in of the pages: a cookie and a CSRF value.
#include "api/sessions.h"

#include "api/api.h"
#include "api/auth.h"
#include "api/password.h"
#include "api/problem.h"
#include "api/second_factor.h"
#include "store/audit_store.h"

#include <fmt/format.h>

namespace fengsui::api {

namespace {

using base::Json;

constexpr auto kSessionLife = std::chrono::hours(12);

Json user_json(const store::User& user) {
    Json roles = Json::array(base::JsonArray(user.roles.begin(), user.roles.end()));
    return Json::object(
        {{"id", user.id},
         {"name", user.name},
         {"roles", roles},
         {"unit", user.unit.str()},
         {"totp", user.has_totp}}
    );
}

/// Secure always (contracts.md section 6): browsers take it from loopback without TLS, too.
std::string cookie_text(std::string_view secret, long max_age) {
    return fmt::format(
        "{}={}; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age={}", kSessionCookie, secret, max_age
    );
}

Reply sign_in(const Call& call) {
    const auto& name = call.body["name"].as_string();
    const auto& password = call.body["password"].as_string();
    if (name.empty() || password.empty()) {
        throw Problem(400, "malformed", "name and password are needed");
    }
    const auto user = check_credentials(call, name, password);
    auto opened = open_session(call.services, user, call.now, {});
    Reply reply;
    reply.body = Json::object({{"csrf", opened.csrf}, {"user", user_json(user)}});
    reply.headers.push_back(std::move(opened.cookie));
    return reply;
}

Reply show_session(const Call& call) {
    return {200, Json::object({{"csrf", call.caller.csrf}, {"user", user_json(call.caller.user)}}), {}};
}

/// What the page of sign-in may offer; nothing that says who has an account.
Reply show_methods(const Call& call) {
    return {200, Json::object({{"password", true}, {"provider", call.services.oidc != nullptr}}), {}};
}

Reply sign_out(const Call& call) {
    if (!call.caller.session_hash.empty()) {
        store::UserStore(call.services.database).delete_session(call.caller.session_hash);
    }
    Reply reply;
    reply.status = 204;
    reply.headers.push_back({"Set-Cookie", cookie_text("", 0)});
    return reply;
}

} // namespace

store::User check_credentials(const Call& call, const std::string& name, const std::string& password) {
    if (const int wait = call.services.logins.wait_seconds(name, call.now); wait > 0) {
        Problem problem(
            429, "too_many_attempts", "too many failures to sign in for this name; wait a minute"
        );
        throw Problem(problem.retry_after(wait));
    }
    auto user = store::UserStore(call.services.database).find_by_name(name);
    bool is_right = false;
    if (user) {
        is_right = verify_password(password, user->password_hash) && !user->disabled;
    } else {
        pretend_to_verify(password);
    }
    if (!is_right) {
        call.services.logins.note_failure(name, call.now);
        throw Problem(401, "wrong_password", "name or password is wrong");
    }
    require_second_factor(call, *user);
    call.services.logins.note_success(name);
    return *user;
}

OpenedSession open_session(
    Services& services, const store::User& user, base::Instant now, const base::Json& audit_details
) {
    const std::string secret = new_secret();
    const store::Session session{secret_hash(secret), user.id, new_secret(), now, now + kSessionLife};
    store::UserStore users(services.database);
    users.delete_expired_sessions(now);
    users.create_session(session);
    store::AuditStore(services.database).append({now, user.id, "signed_in", "users", user.id, audit_details});
    const auto life = std::chrono::duration_cast<std::chrono::seconds>(kSessionLife).count();
    return {session.csrf, {"Set-Cookie", cookie_text(secret, life)}};
}

std::span<const Route> session_routes() {
    static constexpr BodyField kFields[] = {
        {"name", "string", true}, {"password", "string", true}, {"code", "string"}};
    static constexpr Route kRoutes[] = {
        {"POST",
         "/session",
         Access::anyone,
         "Sign in with name and password, and the code of the second factor where there is one",
         &sign_in,
         {},
         false,
         false,
         {},
         kFields},
        {"GET", "/session", Access::signed_in, "Who is signed in", &show_session},
        {"DELETE", "/session", Access::signed_in, "Sign out", &sign_out},
        {"GET", "/session/methods", Access::anyone, "The ways to sign in that are offered", &show_methods},
    };
    return kRoutes;
}

} // namespace fengsui::api
