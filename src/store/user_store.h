// Users, their tokens and sessions; of secrets only the hashes. Blocking.
#pragma once

#include "base/time.h"
#include "model/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::store {

class Database;

struct User {
    std::string id;
    std::string name; ///< unique
    std::string password_hash;
    std::vector<std::string> roles;
    model::UnitId unit; ///< empty: the office itself
    bool disabled = false;
    base::Instant created_at{};
    std::string email{};    ///< where mails to this user go; may be empty
    std::string language{}; ///< of these mails: zh-CN or en; empty: the unit's
    bool has_totp = false;  ///< signs in with a second factor; changed by enable_totp and clear_totp only
};

/// The second factor of a user. Secret: for check_totp, and nowhere else.
struct StoredTotp {
    std::string secret;  ///< base32; empty: none
    std::string pending; ///< handed out and not confirmed yet; empty: none
    std::optional<std::int64_t> last_step;
};

struct Token {
    std::string id;
    std::string user;
    std::string label;
    std::string hash;
    std::optional<base::Instant> expires_at;
    base::Instant created_at{};
};

struct Session {
    std::string hash;
    std::string user;
    std::string csrf;
    base::Instant created_at{};
    base::Instant expires_at{};
};

class UserStore {
public:
    explicit UserStore(Database& database) : database_(database) {}

    [[nodiscard]] std::size_t count();
    /// Makes the user and its audit entry; an empty id is filled in. Throws conflict when the name is taken.
    User create(User user, std::string_view by);
    /// Changes all but id and created_at; a new password ends the sessions. Throws not_found, conflict.
    void update(const User& user, std::string_view by, base::Instant at);
    [[nodiscard]] std::optional<User> find_by_name(std::string_view name);
    [[nodiscard]] std::optional<User> find(std::string_view id);

    /// Nothing when there is no such user.
    [[nodiscard]] std::optional<StoredTotp> totp_of(std::string_view user);
    /// Keeps a secret that waits to be confirmed, in place of an earlier one.
    void put_pending_totp(std::string_view user, std::string_view secret);
    /// The pending secret becomes the user's, its first step used. False when it is another one by now.
    bool enable_totp(std::string_view user, std::string_view secret, std::int64_t step, base::Instant at);
    /// Uses up a step, on the disk when it returns. False when this or a later one was used already.
    bool use_totp_step(std::string_view user, std::int64_t step);
    /// Does nothing when there is no second factor.
    void clear_totp(std::string_view user, std::string_view by, base::Instant at);

    /// Makes the token and its audit entry; an empty id is filled in.
    Token create_token(Token token, std::string_view by);
    /// Without their hashes, oldest first.
    [[nodiscard]] std::vector<Token> tokens_of(std::string_view user);
    /// Throws not_found when it is not a token of `user`.
    void delete_token(std::string_view user, std::string_view id, std::string_view by, base::Instant at);
    /// The user of a token that has not expired; nothing for disabled users.
    [[nodiscard]] std::optional<User> find_by_token(std::string_view hash, base::Instant now);

    void create_session(const Session& session);
    [[nodiscard]] std::optional<Session> find_session(std::string_view hash, base::Instant now);
    void delete_session(std::string_view hash);
    /// Returns how many were dropped.
    std::size_t delete_expired_sessions(base::Instant now);

private:
    void require_free_name(const User& user);
    Database& database_;
};

} // namespace fengsui::store
