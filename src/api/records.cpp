// What is read of the registry, runs and findings; checks, audit, overview; and what all lists share.
#include "api/api.h"
#include "api/problem.h"
#include "api/registry.h"
#include "base/text.h"
#include "check/catalog.h"
#include "check/texts.h"
#include "store/audit_store.h"
#include "store/user_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace fengsui::api {

namespace {

using base::Json;

std::size_t parse_limit(const std::string& text) {
    std::size_t limit = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (failure != std::errc() || end != text.data() + text.size() || limit < 1 || limit > 1000) {
        throw Problem(400, "malformed", "limit: a whole number from 1 to 1000");
    }
    return limit;
}

std::size_t parse_offset(const std::string& cursor) {
    std::size_t offset = 0;
    const auto [end, failure] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset);
    if (failure != std::errc() || end != cursor.data() + cursor.size()) {
        throw Problem(
            400, "malformed", "cursor is not one that a page gave; leave it out for the first page"
        );
    }
    return offset;
}

constexpr std::string_view kUnitFilters[] = {"parent"};
constexpr std::string_view kSystemFilters[] = {"unit"};
constexpr std::string_view kAssetFilters[] = {"unit", "system"};
constexpr std::string_view kFindingFilters[] = {
    "unit", "asset", "check", "severity", "state", "presence", "case"};

Reply list_units(const Call& call) {
    return list_reply(call, "units", kUnitFilters);
}
Reply show_unit(const Call& call) {
    return record_reply(call, "units");
}
Reply list_systems(const Call& call) {
    return list_reply(call, "systems", kSystemFilters);
}
Reply show_system(const Call& call) {
    return record_reply(call, "systems");
}
Reply list_assets(const Call& call) {
    return list_reply(call, "assets", kAssetFilters);
}

Reply show_asset(const Call& call) {
    Reply reply = record_reply(call, "assets");
    const auto coverage =
        store::QueryStore(call.services.database).coverage_of(model::AssetId(call.path_values[0]));
    reply.body.set("coverage", Json::array(base::JsonArray(coverage.begin(), coverage.end())));
    return reply;
}

Reply list_findings(const Call& call) {
    Reply reply = list_reply(call, "findings", kFindingFilters);
    Json items = Json::array();
    for (Json item : reply.body["items"].items()) {
        check::add_texts(item);
        items.push(std::move(item));
    }
    reply.body.set("items", std::move(items));
    return reply;
}

Reply show_finding(const Call& call) {
    Reply reply = record_reply(call, "findings");
    check::add_texts(reply.body);
    return reply;
}

Reply history_of(const Call& call, std::string_view collection) {
    record_reply(call, collection);
    return history_reply(
        call, store::QueryStore(call.services.database).history(collection, call.path_values[0])
    );
}

Reply unit_history(const Call& call) {
    return history_of(call, "units");
}
Reply system_history(const Call& call) {
    return history_of(call, "systems");
}
Reply finding_history(const Call& call) {
    return history_of(call, "findings");
}
Reply asset_history(const Call& call) {
    return history_of(call, "assets");
}

Reply list_checks(const Call&) {
    Json items = Json::array();
    for (const auto& check : check::catalog()) {
        const auto& id = check.info.id.str();
        items.push(Json::object({
            {"id", id},
            {"area", id.substr(0, id.find('.'))},
            {"severity", to_string(check.info.severity)},
            {"class", to_string(check.info.probe_class)},
            {"title", check.info.title.to_json()},
            {"advice", check.info.advice.to_json()},
            {"verify", check.info.verify.to_json()},
            {"references", base::JsonArray(check.info.references.begin(), check.info.references.end())},
        }));
    }
    return {200, Json::object({{"items", items}, {"next_cursor", nullptr}}), {}};
}

Reply show_overview(const Call& call) {
    constexpr auto kOffset = std::chrono::minutes(8 * 60);
    Json overview =
        store::QueryStore(call.services.database).overview(call.now, kOffset, call.caller.visible);
    for (const std::string_view list : {"worst", "newest"}) {
        Json findings = Json::array();
        for (Json finding : overview[list].items()) {
            check::add_texts(finding);
            findings.push(std::move(finding));
        }
        overview.set(list, std::move(findings));
    }
    overview.set("now", base::format_rfc3339(call.now));
    if (call.caller.is_only_unit()) {
        overview.set("patrol", nullptr); // last: Api adds it for the others
    }
    return {200, overview, {}};
}

constexpr std::string_view kAuditFilters[] = {"subject"};

Reply list_audit(const Call& call) {
    return list_reply(call, "audit", kAuditFilters);
}
Reply show_audit(const Call& call) {
    return record_reply(call, "audit");
}

Reply verify_audit(const Call& call) {
    const auto verdict = store::AuditStore(call.services.database).verify();
    return {
        200,
        Json::object({
            {"ok", verdict.ok},
            {"entries", verdict.entries},
            {"first_broken", verdict.first_broken ? Json(*verdict.first_broken) : Json()},
        }),
        {}};
}

/// Who did it, by name, where the caller sees the unit that he acts for: ids alone tell people nothing.
void name_people(const Call& call, std::vector<Json>& events) {
    store::UserStore users(call.services.database);
    std::unordered_map<std::string, std::optional<store::User>> known;
    for (auto& event : events) {
        const auto& by = event["by"].as_string();
        if (by.empty() || by == "system") {
            continue;
        }
        if (!known.contains(by)) {
            known.emplace(by, users.find(by));
        }
        if (const auto& user = known.at(by); user && sees_unit(call, user->unit)) {
            event.set("by_name", user->name);
        }
    }
}

} // namespace

store::ListRequest list_request(const Call& call, std::span<const std::string_view> filters) {
    store::ListRequest request;
    request.visible = call.caller.visible;
    for (const auto& [name, value] : call.request.query) {
        if (name == "limit") {
            request.limit = parse_limit(value);
        } else if (name == "cursor") {
            request.cursor = value;
        } else if (std::find(filters.begin(), filters.end(), name) != filters.end()) {
            request.equals.emplace_back(name, value);
        } else {
            throw Problem(
                400, "unknown_parameter", fmt::format("\"{}\" is not a parameter of this list", name)
            );
        }
    }
    return request;
}

Reply page_reply(store::Page page) {
    Reply reply;
    reply.body = Json::object({{"items", Json::array(std::move(page.items))}});
    reply.body.set("next_cursor", page.next_cursor.empty() ? Json() : Json(page.next_cursor));
    return reply;
}

Reply list_reply(const Call& call, std::string_view collection, std::span<const std::string_view> filters) {
    return page_reply(store::QueryStore(call.services.database).list(collection, list_request(call, filters))
    );
}

Reply record_reply(const Call& call, std::string_view collection) {
    auto record =
        store::QueryStore(call.services.database).get(collection, call.path_values[0], call.caller.visible);
    if (!record) {
        throw absent();
    }
    return tagged_reply(std::move(*record));
}

Reply tagged_reply(Json record, int status) {
    Reply reply;
    reply.status = status;
    if (const auto& rev = record["rev"]; rev.is_int()) {
        reply.headers.push_back({"ETag", fmt::format("\"{}\"", rev.as_int())});
    }
    reply.body = std::move(record);
    return reply;
}

Reply history_reply(const Call& call, std::vector<Json> events) {
    const auto request = list_request(call, {});
    const auto start = request.cursor.empty() ? 0 : parse_offset(request.cursor);
    store::Page page;
    for (auto i = start; i < events.size() && page.items.size() < request.limit; ++i) {
        page.items.push_back(std::move(events[i]));
    }
    name_people(call, page.items);
    const auto end = start + page.items.size();
    page.next_cursor = end < events.size() ? std::to_string(end) : std::string();
    return page_reply(std::move(page));
}

std::span<const Route> registry_routes() {
    static constexpr Route kRoutes[] = {
        {"GET", "/units", Access::signed_in, "Units", &list_units, kUnitFilters, true},
        {"GET", "/units/{id}", Access::signed_in, "One unit", &show_unit},
        {"GET", "/units/{id}/history", Access::signed_in, "What became of a unit", &unit_history, {}, true},
        {"GET", "/systems", Access::signed_in, "Systems", &list_systems, kSystemFilters, true},
        {"GET", "/systems/{id}", Access::signed_in, "One system", &show_system},
        {"GET",
         "/systems/{id}/history",
         Access::signed_in,
         "What became of a system",
         &system_history,
         {},
         true},
        {"GET", "/assets", Access::signed_in, "Assets", &list_assets, kAssetFilters, true},
        {"GET", "/assets/{id}", Access::signed_in, "One asset and its coverage", &show_asset},
        {"GET",
         "/assets/{id}/history",
         Access::signed_in,
         "What became of an asset",
         &asset_history,
         {},
         true},
    };
    return kRoutes;
}

std::span<const Route> finding_routes() {
    static constexpr Route kRoutes[] = {
        {"GET", "/findings", Access::signed_in, "Findings", &list_findings, kFindingFilters, true},
        {"GET", "/findings/{id}", Access::signed_in, "One finding with its evidence", &show_finding},
        {"GET",
         "/findings/{id}/history",
         Access::signed_in,
         "What became of a finding",
         &finding_history,
         {},
         true},
        {"GET", "/checks", Access::signed_in, "The catalogue of checks", &list_checks},
    };
    return kRoutes;
}

std::span<const Route> overview_routes() {
    static constexpr Route kRoutes[] = {
        {"GET", "/overview", Access::signed_in, "Figures for the first page", &show_overview},
    };
    return kRoutes;
}

std::span<const Route> audit_routes() {
    static constexpr Route kRoutes[] = {
        {"GET", "/audit", Access::auditing, "Entries of the audit log", &list_audit, kAuditFilters, true},
        {"GET", "/audit/verify", Access::auditing, "Whether the whole chain is unbroken", &verify_audit},
        {"GET", "/audit/{id}", Access::auditing, "One entry", &show_audit},
    };
    return kRoutes;
}

std::span<const Route> live_routes() {
    static constexpr Route kRoutes[] = {
        {"GET", "/patrol", Access::authority, "Where the patrol stands"},
        {"POST", "/patrol/actions/start", Access::operating, "Start patrolling"},
        {"POST", "/patrol/actions/stop", Access::operating, "End all traffic to targets within a second"},
        {"GET", "/events/stream", Access::signed_in, "Server-sent events: patrol, finding"},
    };
    return kRoutes;
}

} // namespace fengsui::api
