#include "store/user_store.h"

#include "base/hash.h"
#include "base/text.h"
#include "store/audit_store.h"
#include "store/database.h"
#include "store/sqlite/meta.h"

#include <fmt/format.h>

namespace fengsui::store {

namespace {

using base::Error;
using base::ErrorCode;
using sqlite::Reading;
using sqlite::Statement;
using sqlite::Transaction;

std::string new_id(std::string_view letter) {
    return fmt::format("{}{}", letter, base::hex(base::random_bytes(8)));
}

std::string roles_text(const std::vector<std::string>& roles) {
    base::JsonArray items(roles.begin(), roles.end());
    return base::to_text(items);
}

constexpr std::string_view kUserColumns =
    "u.id, u.name, u.password_hash, u.roles, u.unit, u.disabled, u.created_at, u.email, u.language, "
    "u.totp_secret <> ''";

/// Of kUserColumns.
User read_user(const Statement& row) {
    User user;
    user.id = row.text(0);
    user.name = row.text(1);
    user.password_hash = row.text(2);
    const auto roles = base::parse_json(row.text(3)).or_throw();
    for (const auto& role : roles.items()) {
        user.roles.push_back(role.as_string());
    }
    user.unit = model::UnitId(row.text(4));
    user.disabled = row.integer(5) != 0;
    user.created_at = row.instant(6);
    user.email = row.text(7);
    user.language = row.text(8);
    user.has_totp = row.integer(9) != 0;
    return user;
}

base::Json details_of(const User& user) {
    base::JsonArray roles(user.roles.begin(), user.roles.end());
    return base::Json::object(
        {{"name", user.name},
         {"roles", std::move(roles)},
         {"unit", user.unit.str()},
         {"disabled", user.disabled}}
    );
}

} // namespace

std::size_t UserStore::count() {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare("SELECT COUNT(*) FROM users");
    row.step();
    return static_cast<std::size_t>(row.integer(0));
}

void UserStore::require_free_name(const User& user) {
    const auto other = find_by_name(user.name);
    if (other && other->id != user.id) {
        throw Error(
            ErrorCode::conflict,
            fmt::format("there is already a user named \"{}\"; choose another name", user.name)
        );
    }
}

User UserStore::create(User user, std::string_view by) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    require_free_name(user);
    if (user.id.empty()) {
        user.id = new_id("u");
    }
    connection
        .prepare("INSERT INTO users (seq, id, name, password_hash, roles, unit, disabled, created_at, "
                 "created_by, email, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(sqlite::next_seq(connection, "users"))
        .bind(user.id)
        .bind(user.name)
        .bind(user.password_hash)
        .bind(roles_text(user.roles))
        .bind(user.unit.str())
        .bind(user.disabled ? 1 : 0)
        .bind(user.created_at)
        .bind(by)
        .bind(user.email)
        .bind(user.language)
        .run();
    AuditStore(database_).append(
        {user.created_at, std::string(by), "user_created", "users", user.id, details_of(user)}
    );
    transaction.commit();
    return user;
}

void UserStore::update(const User& user, std::string_view by, base::Instant at) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    require_free_name(user);
    const auto before = find(user.id);
    if (before && before->password_hash != user.password_hash) {
        // Whoever signed in with the old password is out.
        connection.prepare("DELETE FROM sessions WHERE user_id = ?").bind(user.id).run();
    }
    const auto changed =
        connection
            .prepare("UPDATE users SET name = ?, password_hash = ?, roles = ?, unit = ?, disabled = ?, "
                     "email = ?, language = ?, rev = rev + 1 WHERE id = ?")
            .bind(user.name)
            .bind(user.password_hash)
            .bind(roles_text(user.roles))
            .bind(user.unit.str())
            .bind(user.disabled ? 1 : 0)
            .bind(user.email)
            .bind(user.language)
            .bind(user.id)
            .run();
    if (changed == 0) {
        throw Error(ErrorCode::not_found, fmt::format("there is no user {}", user.id));
    }
    AuditStore(database_).append({at, std::string(by), "user_changed", "users", user.id, details_of(user)});
    transaction.commit();
}

std::optional<User> UserStore::find_by_name(std::string_view name) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(fmt::format("SELECT {} FROM users u WHERE u.name = ?", kUserColumns));
    row.bind(name);
    return row.step() ? std::optional(read_user(row)) : std::nullopt;
}

std::optional<User> UserStore::find(std::string_view id) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(fmt::format("SELECT {} FROM users u WHERE u.id = ?", kUserColumns));
    row.bind(id);
    return row.step() ? std::optional(read_user(row)) : std::nullopt;
}

std::optional<StoredTotp> UserStore::totp_of(std::string_view user) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare("SELECT totp_secret, totp_pending, totp_step FROM users WHERE id = ?");
    row.bind(user);
    if (!row.step()) {
        return std::nullopt;
    }
    StoredTotp totp{row.text(0), row.text(1), std::nullopt};
    if (!row.is_null(2)) {
        totp.last_step = row.integer(2);
    }
    return totp;
}

void UserStore::put_pending_totp(std::string_view user, std::string_view secret) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection.prepare("UPDATE users SET totp_pending = ? WHERE id = ?").bind(secret).bind(user).run();
    transaction.commit();
}

bool UserStore::enable_totp(
    std::string_view user, std::string_view secret, std::int64_t step, base::Instant at
) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto changed =
        connection
            .prepare("UPDATE users SET totp_secret = totp_pending, totp_pending = '', totp_step = ?, rev = "
                     "rev + 1 "
                     "WHERE id = ? AND totp_pending = ? AND totp_pending <> '' AND totp_secret = ''")
            .bind(step)
            .bind(user)
            .bind(secret)
            .run();
    if (changed > 0) {
        AuditStore(database_).append({at, std::string(user), "totp_enabled", "users", std::string(user), {}});
    }
    transaction.commit();
    return changed > 0;
}

bool UserStore::use_totp_step(std::string_view user, std::int64_t step) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto changed = connection
                             .prepare("UPDATE users SET totp_step = ? WHERE id = ? AND totp_secret <> '' AND "
                                      "(totp_step IS NULL OR totp_step < ?)")
                             .bind(step)
                             .bind(user)
                             .bind(step)
                             .run();
    transaction.commit();
    return changed > 0;
}

void UserStore::clear_totp(std::string_view user, std::string_view by, base::Instant at) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto before = totp_of(user);
    connection.prepare("UPDATE users SET totp_secret = '', totp_pending = '', totp_step = NULL WHERE id = ?")
        .bind(user)
        .run();
    if (before && !before->secret.empty()) {
        connection.prepare("UPDATE users SET rev = rev + 1 WHERE id = ?").bind(user).run();
        AuditStore(database_).append({at, std::string(by), "totp_cleared", "users", std::string(user), {}});
    }
    transaction.commit();
}

Token UserStore::create_token(Token token, std::string_view by) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    if (token.id.empty()) {
        token.id = new_id("t");
    }
    connection
        .prepare(
            "INSERT INTO tokens (id, user_id, label, hash, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?)"
        )
        .bind(token.id)
        .bind(token.user)
        .bind(token.label)
        .bind(token.hash)
        .bind(token.expires_at)
        .bind(token.created_at)
        .run();
    auto details = base::Json::object({{"token", token.id}, {"label", token.label}});
    AuditStore(database_).append(
        {token.created_at, std::string(by), "token_created", "users", token.user, std::move(details)}
    );
    transaction.commit();
    return token;
}

std::vector<Token> UserStore::tokens_of(std::string_view user) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(
        "SELECT id, label, expires_at, created_at FROM tokens WHERE user_id = ? ORDER BY created_at, id"
    );
    rows.bind(user);
    std::vector<Token> tokens;
    while (rows.step()) {
        tokens.push_back(
            {rows.text(0), std::string(user), rows.text(1), {}, rows.maybe_instant(2), rows.instant(3)}
        );
    }
    return tokens;
}

void UserStore::delete_token(
    std::string_view user, std::string_view id, std::string_view by, base::Instant at
) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto deleted =
        connection.prepare("DELETE FROM tokens WHERE id = ? AND user_id = ?").bind(id).bind(user).run();
    if (deleted == 0) {
        throw Error(ErrorCode::not_found, fmt::format("there is no token {}", id));
    }
    AuditStore(database_).append(
        {at,
         std::string(by),
         "token_deleted",
         "users",
         std::string(user),
         base::Json::object({{"token", id}})}
    );
    transaction.commit();
}

std::optional<User> UserStore::find_by_token(std::string_view hash, base::Instant now) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(fmt::format(
        "SELECT {} FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ? AND u.disabled = 0 AND "
        "(t.expires_at IS NULL OR t.expires_at > ?)",
        kUserColumns
    ));
    row.bind(hash).bind(now);
    return row.step() ? std::optional(read_user(row)) : std::nullopt;
}

void UserStore::create_session(const Session& session) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection
        .prepare("INSERT INTO sessions (hash, user_id, csrf, created_at, expires_at) VALUES (?, ?, ?, ?, ?)")
        .bind(session.hash)
        .bind(session.user)
        .bind(session.csrf)
        .bind(session.created_at)
        .bind(session.expires_at)
        .run();
    transaction.commit();
}

std::optional<Session> UserStore::find_session(std::string_view hash, base::Instant now) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(
        "SELECT s.hash, s.user_id, s.csrf, s.created_at, s.expires_at FROM sessions s JOIN users u "
        "ON u.id = s.user_id WHERE s.hash = ? AND s.expires_at > ? AND u.disabled = 0"
    );
    row.bind(hash).bind(now);
    if (!row.step()) {
        return std::nullopt;
    }
    return Session{row.text(0), row.text(1), row.text(2), row.instant(3), row.instant(4)};
}

void UserStore::delete_session(std::string_view hash) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection.prepare("DELETE FROM sessions WHERE hash = ?").bind(hash).run();
    transaction.commit();
}

std::size_t UserStore::delete_expired_sessions(base::Instant now) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    const auto dropped = connection.prepare("DELETE FROM sessions WHERE expires_at <= ?").bind(now).run();
    transaction.commit();
    return static_cast<std::size_t>(dropped);
}

} // namespace fengsui::store
