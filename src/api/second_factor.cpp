#include "api/second_factor.h"

#include "api/api.h"
#include "api/body.h"
#include "api/sessions.h"
#include "api/totp.h"

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::string_view kIssuer = "Fengsui";

/// A token that got out must not lock its user out of the pages, nor open them.
void require_session(const Call& call) {
    if (call.caller.session_hash.empty()) {
        throw Problem(403, "session", "sign in with the password to change the second factor");
    }
}

store::StoredTotp require_none_yet(const Call& call) {
    auto totp = store::UserStore(call.services.database).totp_of(call.caller.user.id);
    if (!totp || !totp->secret.empty()) {
        throw Problem(409, "wrong_state", "there is a second factor already; take it away first");
    }
    return *totp;
}

Reply begin_totp(const Call& call) {
    require_session(call);
    if (call.request.header("Idempotency-Key") != nullptr) {
        // The answer would be kept, and shown again.
        throw Problem(400, "malformed", "the secret is shown once; send no Idempotency-Key");
    }
    require_none_yet(call);
    const auto& user = call.caller.user;
    const auto secret = new_totp_secret();
    store::UserStore(call.services.database).put_pending_totp(user.id, secret);
    return {200, Json::object({{"secret", secret}, {"uri", totp_uri(kIssuer, user.name, secret)}}), {}};
}

Reply confirm_totp(const Call& call) {
    require_session(call);
    const auto code = required_text(call.body, "code");
    const auto totp = require_none_yet(call);
    if (totp.pending.empty()) {
        throw Problem(409, "wrong_state", "ask for a secret first");
    }
    const auto step = check_totp(totp.pending, code, call.now, {});
    if (!step) {
        throw guard_failed("code", "the code is wrong; compare the clock of the app's device");
    }
    const auto& user = call.caller.user.id;
    if (!store::UserStore(call.services.database).enable_totp(user, totp.pending, *step, call.now)) {
        throw Problem(409, "conflict", "another secret was asked for meanwhile");
    }
    return {200, Json::object({{"totp", true}}), {}};
}

/// Whoever found a page open has neither the password nor the device.
Reply remove_totp(const Call& call) {
    require_session(call);
    check_credentials(call, call.caller.user.name, required_text(call.body, "password"));
    const auto& user = call.caller.user.id;
    store::UserStore(call.services.database).clear_totp(user, user, call.now);
    return {204, {}, {}};
}

} // namespace

void require_second_factor(const Call& call, const store::User& user) {
    if (!user.has_totp) {
        return;
    }
    const Json* code = member_of(call.body, "code", &Json::is_string);
    if (code == nullptr || code->as_string().empty()) {
        throw Problem(401, "second_factor", "send the code of the authenticator app, too");
    }
    store::UserStore users(call.services.database);
    const auto totp = users.totp_of(user.id).value_or(store::StoredTotp());
    const auto step = check_totp(totp.secret, code->as_string(), call.now, totp.last_step);
    if (!step || !users.use_totp_step(user.id, *step)) {
        call.services.logins.note_failure(user.name, call.now);
        throw Problem(401, "second_factor", "the code is wrong or was used already; wait for the next one");
    }
}

std::span<const Route> second_factor_routes() {
    static constexpr BodyField kConfirmFields[] = {{"code", "string", true}};
    static constexpr BodyField kRemoveFields[] = {{"password", "string", true}, {"code", "string"}};
    static constexpr Route kRoutes[] = {
        {"POST",
         "/session/totp",
         Access::signed_in,
         "A secret for an authenticator app, shown once; nothing changes before it is confirmed",
         &begin_totp},
        {"POST",
         "/session/totp/confirm",
         Access::signed_in,
         "From now on sign-in needs the app's code",
         &confirm_totp,
         {},
         false,
         false,
         {},
         kConfirmFields},
        {"DELETE",
         "/session/totp",
         Access::signed_in,
         "Sign in without a second factor again; the code is needed while there is one",
         &remove_totp,
         {},
         false,
         false,
         {},
         kRemoveFields},
    };
    return kRoutes;
}

} // namespace fengsui::api
