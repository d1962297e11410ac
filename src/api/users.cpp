// Users and their tokens.
#include "api/api.h"
#include "api/password.h"
#include "api/problem.h"

#include <algorithm>
#include <array>

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::array<std::string_view, 8> kRoles = {
    "officer", "approver", "leader", "duty", "expert", "unit", "auditor", "admin"};
constexpr std::size_t kShortestPassword = 10;

std::vector<std::string> read_roles(const Json& body) {
    std::vector<std::string> roles;
    for (const auto& role : body["roles"].items()) {
        if (std::find(kRoles.begin(), kRoles.end(), role.as_string()) == kRoles.end()) {
            throw Problem(400, "malformed", "roles: unknown role \"" + role.as_string() + "\"");
        }
        roles.push_back(role.as_string());
    }
    if (roles.empty()) {
        throw Problem(422, "guard_failed", "a user needs a role").with("missing", Json::array({"roles"}));
    }
    return roles;
}

void require_visible(const Call& call, const model::UnitId& unit) {
    const auto& visible = call.caller.visible;
    const bool inside = !visible || std::find(visible->begin(), visible->end(), unit) != visible->end();
    const bool exists =
        unit.empty() || store::QueryStore(call.services.database).get("units", unit.str()).has_value();
    if (!inside || !exists) {
        throw Problem(422, "guard_failed", "unit: no such unit").with("missing", Json::array({"unit"}));
    }
}

Reply list_users(const Call& call) {
    static constexpr std::string_view kFilters[] = {"unit"};
    return list_reply(call, "users", kFilters);
}

Reply show_user(const Call& call) {
    return record_reply(call, "users");
}

Reply create_user(const Call& call) {
    store::User user;
    user.name = call.body["name"].as_string();
    user.roles = read_roles(call.body);
    user.unit = model::UnitId(call.body["unit"].as_string());
    user.disabled = call.body["disabled"].as_bool();
    user.created_at = call.now;
    const auto& password = call.body["password"].as_string();
    if (user.name.empty()) {
        throw Problem(422, "guard_failed", "a user needs a name").with("missing", Json::array({"name"}));
    }
    if (!password.empty() && password.size() < kShortestPassword) {
        throw Problem(422, "guard_failed", "password: at least 10 characters")
            .with("missing", Json::array({"password"}));
    }
    require_visible(call, user.unit);
    // Without a password the user can be reached by tokens only: no hash ever matches.
    user.password_hash = password.empty() ? std::string("!") : hash_password(password);
    const auto made = store::UserStore(call.services.database).create(std::move(user), call.caller.user.id);
    auto record = store::QueryStore(call.services.database).get("users", made.id);
    return {201, record ? *record : Json(), {}};
}

store::User find_user(const Call& call, const std::string& id) {
    if (!store::QueryStore(call.services.database).get("users", id, call.caller.visible)) {
        throw absent();
    }
    auto user = store::UserStore(call.services.database).find(id);
    if (!user) {
        throw absent();
    }
    return *user;
}

Reply change_user(const Call& call) {
    auto user = find_user(call, call.path_values[0]);
    if (call.body.find("roles") != nullptr) {
        user.roles = read_roles(call.body);
    }
    user.disabled = call.body["disabled"].as_bool(user.disabled);
    const auto& password = call.body["password"].as_string();
    if (!password.empty()) {
        user.password_hash = hash_password(password);
    }
    store::UserStore(call.services.database).update(user, call.caller.user.id);
    return record_reply(call, "users");
}

Reply create_token(const Call& call) {
    const auto user = find_user(call, call.path_values[0]);
    store::Token token;
    token.user = user.id;
    token.label = call.body["label"].as_string();
    token.created_at = call.now;
    if (const auto& expires = call.body["expires_at"].as_string(); !expires.empty()) {
        auto at = base::parse_rfc3339(expires);
        if (!at) {
            throw Problem(400, "malformed", "expires_at: " + at.error().message());
        }
        token.expires_at = *at;
    }
    const std::string secret = new_secret();
    token.hash = secret_hash(secret);
    const auto made =
        store::UserStore(call.services.database).create_token(std::move(token), call.caller.user.id);
    return {201, Json::object({{"id", made.id}, {"label", made.label}, {"token", secret}}), {}};
}

Reply delete_token(const Call& call) {
    find_user(call, call.path_values[0]);
    store::UserStore(call.services.database).delete_token(call.path_values[1], call.caller.user.id);
    return {204, {}, {}};
}

} // namespace

std::span<const Route> user_routes() {
    static constexpr std::string_view kFilters[] = {"unit"};
    static constexpr Route kRoutes[] = {
        {"GET", "/users", Access::auditing, "Users", &list_users, kFilters, true},
        {"POST", "/users", Access::admin, "Make a user", &create_user},
        {"GET", "/users/{id}", Access::auditing, "One user", &show_user},
        {"PATCH", "/users/{id}", Access::admin, "Change roles, password or disabled", &change_user},
        {"POST", "/users/{id}/tokens", Access::admin, "Make a token, shown once", &create_token},
        {"DELETE", "/users/{id}/tokens/{token}", Access::admin, "Revoke a token", &delete_token},
    };
    return kRoutes;
}

std::optional<std::string> make_first_administrator(store::Database& database, base::Instant now) {
    store::UserStore users(database);
    if (users.count() > 0) {
        return std::nullopt;
    }
    const std::string password = new_secret().substr(0, 20);
    store::User admin;
    admin.name = "admin";
    admin.password_hash = hash_password(password);
    admin.roles = {"admin", "officer"};
    admin.created_at = now;
    users.create(std::move(admin), "system");
    return password;
}

} // namespace fengsui::api
