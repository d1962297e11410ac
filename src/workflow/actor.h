// Who acts, and how an action is refused.
#pragma once

#include "base/json.h"
#include "store/query_store.h"

#include <exception>
#include <string>
#include <vector>

namespace fengsui::workflow {

/// A user as the engine sees it.
struct Actor {
    std::string id; ///< the user's, or `system`
    std::vector<std::string> roles;
    model::UnitId unit; ///< empty: the office itself
    store::VisibleUnits visible{};

    [[nodiscard]] bool has_role(std::string_view role) const;
    /// Whether any of its roles is one of those.
    [[nodiscard]] bool has_any_role(const std::vector<std::string>& wanted) const;
    /// Of role unit alone.
    [[nodiscard]] bool is_only_unit() const;
    [[nodiscard]] bool can_see(const model::UnitId& other) const;
};

/// Time and rules themselves; sees everything.
Actor system_actor();

/// What the answers of contract_rest.md 6.1 are made from, in the order in which they are judged.
enum class RefusalKind : std::uint8_t {
    malformed,   ///< 400
    role,        ///< 403
    absent,      ///< 404: or outside the actor's scope
    stale,       ///< 412
    wrong_state, ///< 409
    guard        ///< 422
};

/// Ends an operation; nothing of it is kept.
class Refusal : public std::exception {
public:
    Refusal(RefusalKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
    /// A failed guard, by the names of what is missing.
    static Refusal missing(std::vector<std::string> names, std::string message);

    [[nodiscard]] RefusalKind kind() const { return kind_; }
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
    /// Members for the answer, such as `missing` and `suggest`.
    [[nodiscard]] const base::Json& members() const { return members_; }
    Refusal& with(std::string_view name, base::Json value);

private:
    RefusalKind kind_;
    std::string message_;
    base::Json members_ = base::Json::object();
};

} // namespace fengsui::workflow
