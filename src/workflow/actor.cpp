#include "workflow/actor.h"

#include <algorithm>

namespace fengsui::workflow {

bool Actor::has_role(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool Actor::has_any_role(const std::vector<std::string>& wanted) const {
    return std::any_of(wanted.begin(), wanted.end(), [this](const std::string& role) {
        return has_role(role);
    });
}

bool Actor::is_only_unit() const {
    return !roles.empty()
           && std::all_of(roles.begin(), roles.end(), [](const std::string& role) { return role == "unit"; });
}

bool Actor::can_see(const model::UnitId& other) const {
    return visible.contain(other);
}

Actor system_actor() {
    return {"system", {"system"}, {}, {}};
}

Refusal Refusal::missing(std::vector<std::string> names, std::string message) {
    Refusal refusal(RefusalKind::guard, std::move(message));
    refusal.with("missing", base::JsonArray(names.begin(), names.end()));
    return refusal;
}

Refusal& Refusal::with(std::string_view name, base::Json value) {
    members_.set(name, std::move(value));
    return *this;
}

} // namespace fengsui::workflow
