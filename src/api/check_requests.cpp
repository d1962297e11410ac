#include "api/check_requests.h"

#include "api/api.h"
#include "api/body.h"
#include "api/case_records.h"
#include "store/audit_store.h"

#include <array>

namespace fengsui::api {

namespace {

using base::Json;

constexpr auto kRest = std::chrono::minutes(10);
constexpr std::size_t kMostKept = 10'000;

void require_may_ask(const Call& call) {
    constexpr std::array<std::string_view, 4> kRoles = {"unit", "officer", "duty", "admin"};
    for (const auto role : kRoles) {
        if (call.caller.has_role(role)) {
            return;
        }
    }
    throw Problem(403, "role", "your role does not allow this");
}

/// What the patrol would refuse anyway is said at once; the patrol still judges for itself.
void require_is_looked_at(const Json& asset, base::Instant now) {
    const auto today = base::format_date(base::date_of(now, std::chrono::minutes(0)));
    const auto& from = asset["authorised_from"].as_string();
    const auto& until = asset["authorised_until"].as_string();
    if (asset["state"].as_string() != "active") {
        throw Problem(409, "wrong_state", "the asset is withdrawn and is not looked at any more");
    }
    if ((!from.empty() && today < from) || (!until.empty() && until < today)) {
        throw Problem(409, "not_authorised", "outside its authorisation the asset is not contacted");
    }
    if (asset["kind"].as_string() == "prefix") {
        throw Problem(409, "not_applicable", "a prefix lists addresses and is not looked at itself");
    }
}

/// product.md: a unit checks its own site at any time. The patrol does it, with its own scope and manners.
Reply request_check(const Call& call) {
    require_may_ask(call);
    auto reply = record_reply(call, "assets");
    require_is_looked_at(reply.body, call.now);
    const auto& id = call.path_values[0];
    if (const int wait = call.services.check_requests.take(id, call.now); wait > 0) {
        Problem problem(429, "too_soon", "this asset was asked for less than ten minutes ago");
        throw Problem(problem.retry_after(wait));
    }
    store::AuditStore(call.services.database)
        .append({call.now, call.caller.user.id, "check_requested", "assets", id, Json::object()});
    if (call.services.patrol.look_at) {
        call.services.patrol.look_at(id);
    }
    reply.body.set("check_requested_at", base::format_rfc3339(call.now));
    return reply;
}

} // namespace

int CheckRequests::take(const std::string& asset, base::Instant now) {
    const std::lock_guard lock(mutex_);
    if (taken_.size() >= kMostKept) {
        std::erase_if(taken_, [&](const auto& entry) { return entry.second + kRest <= now; });
    }
    const auto [entry, is_new] = taken_.emplace(asset, now);
    const auto free_at = entry->second + kRest;
    if (!is_new && now < free_at) {
        return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(free_at - now).count());
    }
    entry->second = now;
    return 0;
}

std::span<const Route> check_request_routes() {
    static constexpr Route kRoutes[] = {
        {"POST",
         "/assets/{id}/actions/check",
         Access::signed_in,
         "Look at this asset now, once in ten minutes",
         &request_check},
    };
    return kRoutes;
}

} // namespace fengsui::api
