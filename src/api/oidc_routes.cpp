#include "api/oidc_routes.h"

#include "api/api.h"
#include "api/auth.h"
#include "api/sessions.h"
#include "base/log.h"
#include "net/runtime.h"
#include "store/audit_store.h"

#include <fmt/format.h>

namespace fengsui::api {

namespace {

using base::Json;
using net::ServerRequest;
using net::ServerResponse;

constexpr std::string_view kStateCookie = "fengsui_sign_in";
constexpr long kStateLife = 600; // seconds, as of OidcPendings
constexpr std::string_view kPages = "/";
constexpr std::string_view kRefusedPage = "/#/sign-in?refused=provider";

/// Lax: the way back is a navigation from another site, and must bring it along.
model::HttpHeader state_cookie(std::string_view state, long max_age) {
    return {
        "Set-Cookie",
        fmt::format(
            "{}={}; Path=/api/v1/session/oidc; HttpOnly; Secure; SameSite=Lax; Max-Age={}",
            kStateCookie,
            state,
            max_age
        )};
}

/// The session's cookie is SameSite=Strict and not sent along a redirect that another site began: the page
/// goes on by itself, as our own. Without script, which the policy of pages does not allow inline.
ServerResponse page(int status, std::string_view next) {
    ServerResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
    response.body = fmt::format(
        "<!doctype html><html><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
        "content=\"0;url={0}\">"
        "<title>Fengsui</title></head><body><a href=\"{0}\">Fengsui</a></body></html>\n",
        next
    );
    return response;
}

ServerResponse refused(int status, std::string_view trouble) {
    base::log_warning(fmt::format("sign-in through the provider: {}", trouble));
    auto response = page(status, kRefusedPage);
    response.headers.push_back(state_cookie("", 0));
    return response;
}

std::string parameter(const ServerRequest& request, std::string_view name) {
    const auto* value = request.parameter(name);
    return value == nullptr ? std::string() : *value;
}

/// Blocking.
ServerResponse let_in(Services& services, const OidcIdentity& identity) {
    const auto now = services.clock.now();
    const auto details = Json::object({{"through", "provider"}, {"subject", identity.subject}});
    const auto user = find_oidc_user(services.database, identity);
    if (!user) {
        auto why = details;
        why.set("name", identity.user_name);
        store::AuditStore(services.database).append({now, "system", "sign_in_refused", "users", "", why});
        return refused(401, "nobody who may sign in has the name that it tells");
    }
    const auto opened = open_session(services, *user, now, details);
    auto response = page(200, kPages);
    response.headers.push_back(opened.cookie);
    response.headers.push_back(state_cookie("", 0));
    return response;
}

} // namespace

net::Task<ServerResponse> OidcSignIn::start() {
    auto begin = client_.begin_sign_in(base::now());
    auto begun = co_await std::move(begin);
    if (!begun.start) {
        co_return refused(503, begun.trouble);
    }
    ServerResponse response;
    response.status = 302;
    response.headers.push_back({"Location", begun.start->redirect_url});
    response.headers.push_back({"Cache-Control", "no-store"});
    response.headers.push_back(state_cookie(begun.start->pending.state, kStateLife));
    pendings_.put(std::move(begun.start->pending));
    co_return response;
}

net::Task<ServerResponse> OidcSignIn::finish(Services& services, const ServerRequest& request) {
    const auto state = parameter(request, "state");
    std::optional<OidcPending> pending;
    if (!state.empty() && cookie_value(request, kStateCookie) == state) {
        pending = pendings_.take(state, base::now());
    }
    auto code = parameter(request, "code");
    if (!pending) {
        co_return refused(401, "the way back is of no sign-in that this browser began here");
    }
    if (code.empty()) {
        co_return refused(401, "the provider sent nobody (no code)");
    }
    auto exchange = client_.finish_sign_in(std::move(*pending), std::move(code), base::now());
    const auto outcome = co_await std::move(exchange);
    if (!outcome.identity) {
        co_return refused(401, outcome.trouble);
    }
    ServerResponse response;
    const std::function<void()> work = [&] {
        response = let_in(services, *outcome.identity);
    };
    co_await services.runtime.offload(work);
    co_return response;
}

std::span<const Route> oidc_routes() {
    static constexpr std::string_view kAnswer[] = {"code", "state", "error", "error_description", "iss"};
    static constexpr Route kRoutes[] = {
        {"GET", "/session/oidc", Access::anyone, "Sign in through the organisation's provider"},
        {"GET",
         "/session/oidc/callback",
         Access::anyone,
         "Where the provider sends browsers back to",
         nullptr,
         kAnswer},
    };
    return kRoutes;
}

} // namespace fengsui::api
