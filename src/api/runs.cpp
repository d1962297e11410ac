// Runs: what a tool saw, ours or another's; reports of other tools become runs here.
#include "api/api.h"
#include "api/asset_matcher.h"
#include "api/body.h"
#include "api/registry.h"
#include "workflow/intake.h"

#include <algorithm>

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::string_view kRunFilters[] = {"state"};

/// A run is in the scope of who sees all that it looked at; the patrol's own rounds hold figures only.
class RunScope {
public:
    explicit RunScope(const Call& call) : call_(call) {}

    [[nodiscard]] bool holds(const Json& run) {
        if (call_.caller.visible.are_all() || run["created_by"].as_string() == call_.caller.user.id) {
            return true;
        }
        const auto& targets = run["targets"].items();
        const auto& results = run["results"].items();
        const auto is_visible = [this](const Json& entry) {
            return sees_asset(entry["asset"].as_string());
        };
        if (targets.empty() && results.empty()) {
            return run["created_by"].as_string() == "system" || is_of_visible_user(run);
        }
        return std::all_of(targets.begin(), targets.end(), is_visible)
               && std::all_of(results.begin(), results.end(), is_visible);
    }

private:
    [[nodiscard]] bool sees_asset(const std::string& id) {
        const auto asset = store::QueryStore(call_.services.database).get("assets", id);
        return asset && call_.caller.visible.contain(model::UnitId((*asset)["unit"].as_string()));
    }
    [[nodiscard]] bool is_of_visible_user(const Json& run) {
        const auto user = store::UserStore(call_.services.database).find(run["created_by"].as_string());
        return user && call_.caller.visible.contain(user->unit);
    }

    const Call& call_;
};

Reply list_runs(const Call& call) {
    auto page = store::QueryStore(call.services.database).list("runs", list_request(call, kRunFilters));
    RunScope scope(call);
    std::erase_if(page.items, [&](const Json& run) { return !scope.holds(run); });
    return page_reply(std::move(page));
}

Json find_run(const Call& call) {
    auto run = store::QueryStore(call.services.database).get("runs", call.path_values[0]);
    if (!run || !RunScope(call).holds(*run)) {
        throw absent();
    }
    return std::move(*run);
}

Reply show_run(const Call& call) {
    return tagged_reply(find_run(call));
}

Reply run_history(const Call& call) {
    find_run(call);
    return history_reply(
        call, store::QueryStore(call.services.database).history("runs", call.path_values[0])
    );
}

Reply refuse_run_change(const Call& call) {
    require_revision(call, find_run(call)["rev"].as_int());
    throw Problem(409, "wrong_state", "a run is kept as it was taken; hand in a new one");
}

/// The run as it is stored, with what it came to.
Json taken(const Call& call, const Json& body) {
    const Json answer = call.services.engine.take_run(body, call.as_request());
    auto run = store::QueryStore(call.services.database).get("runs", answer["id"].as_string());
    Json whole = run ? std::move(*run) : Json::object();
    for (const auto& [name, value] : answer.members()) {
        whole.set(name, value);
    }
    return whole;
}

Reply take_run(const Call& call) {
    return tagged_reply(taken(call, call.body), 201);
}

/// What the report does not say itself: the body's members over what was read.
Json run_body(const Call& call, const workflow::Intake& intake) {
    Json run = Json::object();
    std::string tool = intake.tool.empty() ? "import" : intake.tool;
    take_text(call.body, "tool", tool, 200);
    run.set("tool", tool);
    for (const std::string_view name :
         {"tool_version", "started_at", "ended_at", "checks", "filters", "verification"}) {
        if (const auto* value = call.body.find(name)) {
            run.set(name, *value);
        }
    }
    const auto& targets = call.body["targets"];
    run.set("targets", targets.is_null() ? Json::array() : targets); // else it covers nothing
    run.set("results", Json::array(base::JsonArray(intake.results)));
    return run;
}

Reply import_run(const Call& call) {
    const auto format = required_text(call.body, "format");
    const auto content = required_text(call.body, "content", call.request.body.size());
    const AssetMatcher matcher(call.services.database, call.caller.visible);
    const auto intake = workflow::read_report(format, content, [&matcher](std::string_view where) {
        return matcher.find(where);
    });
    if (!intake) {
        const bool is_unknown = intake.error().code() == base::ErrorCode::unsupported;
        throw guard_failed(is_unknown ? "format" : "content", intake.error().message());
    }
    Json run = taken(call, run_body(call, *intake));
    Json unmatched = Json::array();
    for (const auto& entry : intake->unmatched) {
        unmatched.push(entry.to_json());
    }
    run.set("unmatched", std::move(unmatched));
    return tagged_reply(std::move(run), 201);
}

constexpr BodyField kRunFields[] = {
    {"tool", "string", true},
    {"tool_version", "string"},
    {"started_at", "time"},
    {"ended_at", "time"},
    {"checks", "strings"},
    {"filters", "object"},
    {"targets", "array", true},
    {"results", "array"},
    {"verification", "string"}};
constexpr BodyField kImportFields[] = {
    {"format", "string", true},
    {"content", "string", true},
    {"tool", "string"},
    {"targets", "array"},
    {"checks", "strings"},
    {"filters", "object"},
    {"started_at", "time"},
    {"ended_at", "time"}};

} // namespace

std::span<const Route> run_routes() {
    static constexpr Route kRoutes[] = {
        {"GET",
         "/runs",
         Access::authority,
         "Runs of the patrol and of other tools",
         &list_runs,
         kRunFilters,
         true},
        {"POST",
         "/runs",
         Access::operating,
         "Hand in what a tool saw",
         &take_run,
         {},
         false,
         false,
         "runs",
         kRunFields},
        {"POST",
         "/runs/import",
         Access::operating,
         "Hand in another tool's report",
         &import_run,
         {},
         false,
         false,
         "runs",
         kImportFields},
        {"GET", "/runs/{id}", Access::authority, "One run", &show_run},
        {"PATCH", "/runs/{id}", Access::operating, "Nothing of a run is open to change", &refuse_run_change},
        {"GET", "/runs/{id}/history", Access::authority, "What became of a run", &run_history, {}, true},
    };
    return kRoutes;
}

} // namespace fengsui::api
