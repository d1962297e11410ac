// Users and their tokens.
#include "api/api.h"
#include "api/body.h"
#include "api/password.h"
#include "api/problem.h"
#include "store/atomic_work.h"

#include <algorithm>
#include <array>

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::array<std::string_view, 8> kRoles = {
    "officer", "approver", "leader", "duty", "expert", "unit", "auditor", "admin"};
constexpr std::array<std::string_view, 2> kUserLanguages = {"zh-CN", "en"};
constexpr std::size_t kShortestPassword = 10;

/// The member of that name when it is there; 400 when it is of another kind.
const Json* member(const Call& call, std::string_view name, bool (Json::*is_kind)() const) {
    const Json* value = call.body.find(name);
    if (value != nullptr && !(value->*is_kind)()) {
        throw Problem(400, "malformed", std::string(name) + ": is of the wrong type");
    }
    return value;
}

std::string text_member(const Call& call, std::string_view name) {
    const Json* value = member(call, name, &Json::is_string);
    return value == nullptr ? std::string() : value->as_string();
}

void read_roles(const Call& call, store::User& user) {
    const Json* roles = member(call, "roles", &Json::is_array);
    if (roles == nullptr) {
        return;
    }
    user.roles.clear();
    for (const auto& role : roles->items()) {
        if (std::find(kRoles.begin(), kRoles.end(), role.as_string()) == kRoles.end()) {
            throw Problem(400, "malformed", "roles: unknown role \"" + role.as_string() + "\"");
        }
        user.roles.push_back(role.as_string());
    }
}

/// The office itself only by those who answer for everything.
void require_visible(const Call& call, const model::UnitId& unit) {
    const bool exists = unit.empty() ? call.caller.visible.are_all()
                                     : store::QueryStore(call.services.database)
                                           .get("units", unit.str(), call.caller.visible)
                                           .has_value();
    if (!exists) {
        throw unknown_reference("unit");
    }
}

/// What create and PATCH have in common: the body's members over what `user` has.
void read_user(const Call& call, store::User& user) {
    if (member(call, "name", &Json::is_string) != nullptr) {
        user.name = text_member(call, "name");
    }
    read_roles(call, user);
    const Json* unit = call.body.find("unit");
    if (unit != nullptr && !unit->is_null()) {
        user.unit = model::UnitId(text_member(call, "unit"));
    } else if (unit != nullptr) {
        user.unit = model::UnitId();
    }
    if (const Json* disabled = member(call, "disabled", &Json::is_bool)) {
        user.disabled = disabled->as_bool();
    }
    const Json* totp = member(call, "totp", &Json::is_bool);
    if (totp != nullptr && totp->as_bool() && !user.has_totp) {
        throw guard_failed(
            "totp", "totp: a user takes a second factor on itself; here it can only be taken away"
        );
    }
    take_text(call.body, "email", user.email);
    take_word(call.body, "language", kUserLanguages, user.language);
    if (member(call, "password", &Json::is_string) != nullptr) {
        const std::string password = text_member(call, "password");
        if (password.size() < kShortestPassword) {
            throw guard_failed("password", "password: at least 10 characters");
        }
        user.password_hash = hash_password(password);
    }
}

void require_whole(const Call& call, const store::User& user) {
    if (user.name.empty()) {
        throw guard_failed("name", "a user needs a name");
    }
    if (user.roles.empty()) {
        throw guard_failed("roles", "a user needs a role");
    }
    const bool is_unit = std::find(user.roles.begin(), user.roles.end(), "unit") != user.roles.end();
    if (is_unit && user.unit.empty()) {
        throw guard_failed("unit", "a user of role unit acts for a unit");
    }
    require_visible(call, user.unit);
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
    // Without a password the user can be reached by tokens only: no hash ever matches.
    user.password_hash = "!";
    user.created_at = call.now;
    read_user(call, user);
    require_whole(call, user);
    Call made = call;
    made.path_values = {
        store::UserStore(call.services.database).create(std::move(user), call.caller.user.id).id};
    Reply reply = record_reply(made, "users");
    reply.status = 201;
    return reply;
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
    require_revision(call, record_reply(call, "users").body["rev"].as_int());
    read_user(call, user);
    require_whole(call, user);
    store::UserStore users(call.services.database);
    store::AtomicWork work(call.services.database);
    users.update(user, call.caller.user.id, call.now);
    if (const Json* totp = call.body.find("totp"); totp != nullptr && !totp->as_bool()) {
        users.clear_totp(user.id, call.caller.user.id, call.now);
    }
    work.commit();
    return record_reply(call, "users");
}

/// What the audit log says of the user, in the form of every history.
Reply user_history(const Call& call) {
    const auto& id = call.path_values[0];
    record_reply(call, "users");
    store::ListRequest request{{{"subject", id}}, {}, 1000, {}};
    std::vector<Json> events;
    do {
        auto page = store::QueryStore(call.services.database).list("audit", request);
        for (const auto& entry : page.items) {
            if (entry["collection"].as_string() == "users") {
                events.push_back(Json::object(
                    {{"at", entry["at"]},
                     {"by", entry["by"]},
                     {"event", entry["event"]},
                     {"from", nullptr},
                     {"to", nullptr},
                     {"reason", nullptr}}
                ));
            }
        }
        request.cursor = page.next_cursor;
    } while (!request.cursor.empty());
    return history_reply(call, std::move(events));
}

Reply list_tokens(const Call& call) {
    find_user(call, call.path_values[0]);
    Json items = Json::array();
    for (const auto& token : store::UserStore(call.services.database).tokens_of(call.path_values[0])) {
        items.push(Json::object({
            {"id", token.id},
            {"label", token.label},
            {"created_at", base::format_rfc3339(token.created_at)},
            {"expires_at", token.expires_at ? Json(base::format_rfc3339(*token.expires_at)) : Json()},
        }));
    }
    return {200, Json::object({{"items", items}, {"next_cursor", nullptr}}), {}};
}

Reply create_token(const Call& call) {
    const auto user = find_user(call, call.path_values[0]);
    store::Token token;
    token.user = user.id;
    token.label = text_member(call, "label");
    token.created_at = call.now;
    if (const auto expires = text_member(call, "expires_at"); !expires.empty()) {
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
    store::UserStore(call.services.database)
        .delete_token(call.path_values[0], call.path_values[1], call.caller.user.id, call.now);
    return {204, {}, {}};
}

} // namespace

std::span<const Route> user_routes() {
    static constexpr std::string_view kFilters[] = {"unit"};
    static constexpr Route kRoutes[] = {
        {"GET", "/users", Access::auditing, "Users", &list_users, kFilters, true},
        {"POST", "/users", Access::admin, "Make a user", &create_user},
        {"GET", "/users/{id}", Access::auditing, "One user", &show_user},
        {"PATCH",
         "/users/{id}",
         Access::admin,
         "Change name, roles, unit, password or disabled; `totp: false` takes the second factor away",
         &change_user},
        {"GET", "/users/{id}/history", Access::auditing, "What became of a user", &user_history, {}, true},
        {"GET", "/users/{id}/tokens", Access::auditing, "Tokens, without their secrets", &list_tokens},
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
