// A batch API in the form of Internet.nl's, version 2, so that its dashboards can read us: many domains in
// one request, tested by the patrol with its own scope and manners, results when all were looked at.
// Registered domains in the asker's scope only; any other is answered with the status `error` and not
// contacted.
#include "api/api.h"
#include "api/asset_matcher.h"
#include "api/batch_report.h"
#include "api/body.h"
#include "base/text.h"
#include "store/atomic_work.h"
#include "store/audit_store.h"
#include "store/grade_store.h"
#include "store/record_store.h"

#include <algorithm>
#include <array>

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::size_t kMostDomains = 5000;
constexpr std::string_view kCollection = "batches";

Json enveloped(std::string_view name, Json value) {
    return Json::object({{"api_version", batch_api_version()}, {std::string(name), std::move(value)}});
}

bool is_of_domain(const std::string& value, bool is_mail, const std::string& domain) {
    return is_mail ? value == "mail:" + domain
                   : value == domain || value.starts_with("https://" + domain)
                         || value.starts_with("http://" + domain);
}

/// The registered asset of a domain, its https site first; nothing when only a name above it is registered.
std::optional<std::string> asset_of(
    const AssetMatcher& assets, store::QueryStore& query, bool is_mail, const std::string& domain
) {
    const std::vector<std::string> spellings =
        is_mail ? std::vector{"mail:" + domain}
                : std::vector{"https://" + domain + "/", "http://" + domain + "/"};
    for (const auto& spelling : spellings) {
        const auto found = assets.find(spelling);
        const auto asset = found ? query.get("assets", *found) : std::nullopt;
        if (asset && is_of_domain((*asset)["value"].as_string(), is_mail, domain)) {
            return found;
        }
    }
    return std::nullopt;
}

Json matched_domains(const Call& call, bool is_mail, const std::vector<std::string>& domains) {
    const AssetMatcher assets(call.services.database, call.caller.visible);
    store::QueryStore query(call.services.database);
    Json entries = Json::array();
    for (const auto& text : domains) {
        const auto domain = base::to_lower(base::trim(text));
        const auto asset = asset_of(assets, query, is_mail, domain);
        entries.push(Json::object({{"domain", domain}, {"asset", asset ? Json(*asset) : Json()}}));
    }
    return entries;
}

/// When the patrol last came to an end with the check that all of its kind end with.
std::optional<base::Instant> looked_at(
    store::QueryStore& query, const std::string& asset, std::string_view check
) {
    for (const auto& line : query.coverage_of(model::AssetId(asset))) {
        if (line["check"].as_string() == check) {
            return base::parse_rfc3339(line["at"].as_string()).or_throw();
        }
    }
    return std::nullopt;
}

/// The latest look once all its assets were looked at after it was handed in; nothing while some were not.
std::optional<base::Instant> finished_at(const Call& call, const store::Record& batch) {
    store::QueryStore query(call.services.database);
    const auto& done_by = batch_kind(batch["request_type"].as_string())["done_by"].as_string();
    auto last = batch.created_at;
    for (const auto& entry : batch["domains"].items()) {
        if (entry["asset"].is_null()) {
            continue;
        }
        const auto at = looked_at(query, entry["asset"].as_string(), done_by);
        if (!at || *at < batch.created_at) {
            return std::nullopt;
        }
        last = std::max(last, *at);
    }
    return last;
}

Json request_json(const Call& call, const store::Record& batch) {
    const auto finished = batch.state == "cancelled" ? std::nullopt : finished_at(call, batch);
    return Json::object(
        {{"request_id", batch.id},
         {"name", batch["name"]},
         {"request_type", batch["request_type"]},
         {"status",
          batch.state == "cancelled" ? "cancelled"
          : finished                 ? "done"
                                     : "running"},
         {"submit_date", base::format_rfc3339(batch.created_at)},
         {"finished_date", finished ? Json(base::format_rfc3339(*finished)) : Json()}}
    );
}

/// Its maker's own; anybody else's is absent.
store::Record batch_of(const Call& call) {
    auto batch = store::RecordStore(call.services.database).find(kCollection, call.path_values[0]);
    if (!batch || batch->created_by != call.caller.user.id) {
        throw absent();
    }
    return std::move(*batch);
}

Reply take_batch(const Call& call) {
    constexpr std::array<std::string_view, 2> kTypes = {"web", "mail"};
    std::string type;
    std::string name;
    take_word(call.body, "type", kTypes, type);
    take_text(call.body, "name", name);
    const auto domains = required_texts(call.body, "domains");
    if (type.empty()) {
        throw guard_failed("type", "type: web or mail");
    }
    if (domains.size() > kMostDomains) {
        throw guard_failed("domains", "domains: at most 5,000 in one request");
    }
    store::RecordStore records(call.services.database);
    store::Record batch;
    batch.collection = kCollection;
    batch.id = store::RecordStore::new_id("b");
    batch.unit = call.caller.user.unit;
    batch.state = "running";
    batch.created_at = call.now;
    batch.created_by = call.caller.user.id;
    batch.body = Json::object(
        {{"name", name}, {"request_type", type}, {"domains", matched_domains(call, type == "mail", domains)}}
    );
    store::AtomicWork work(call.services.database);
    records.insert(batch, {{"created_by", batch.created_by}});
    store::AuditStore(call.services.database)
        .append(
            {call.now,
             call.caller.user.id,
             "batch_requested",
             std::string(kCollection),
             batch.id,
             Json::object()}
        );
    work.commit();
    for (const auto& entry : batch["domains"].items()) {
        if (!entry["asset"].is_null() && call.services.patrol.look_at) {
            call.services.patrol.look_at(entry["asset"].as_string());
        }
    }
    return {201, enveloped("request", request_json(call, batch)), {}};
}

Reply list_batches(const Call& call) {
    Json requests = Json::array();
    for (const auto& batch : store::RecordStore(call.services.database)
                                 .find_all(kCollection, "created_by", call.caller.user.id)) {
        requests.push(request_json(call, batch));
    }
    return {200, enveloped("requests", std::move(requests)), {}};
}

Reply show_batch(const Call& call) {
    return {200, enveloped("request", request_json(call, batch_of(call))), {}};
}

Reply cancel_batch(const Call& call) {
    auto batch = batch_of(call);
    if (call.body["status"].as_string() != "cancelled") {
        throw Problem(400, "malformed", "status: only \"cancelled\" can be asked for");
    }
    batch.state = "cancelled";
    store::RecordStore(call.services.database).update(batch, {{"created_by", batch.created_by}});
    return {200, enveloped("request", request_json(call, batch)), {}};
}

Json report_url(const Call& call, const std::string& asset) {
    return Json::object({{"url", call.services.site + "/assets/" + asset}});
}

Json domain_result(const Call& call, const Json& kind, const Json& entry) {
    if (entry["asset"].is_null()) {
        return Json::object({{"status", "error"}});
    }
    const auto& asset = entry["asset"].as_string();
    auto result =
        batch_report(kind, store::GradeStore(call.services.database).standings_of(model::AssetId(asset)));
    result.set("report", report_url(call, asset));
    return result;
}

store::Record finished_batch(const Call& call) {
    auto batch = batch_of(call);
    if (batch.state == "cancelled" || !finished_at(call, batch)) {
        throw Problem(400, "not_done", "the request is not done; ask for its status");
    }
    return batch;
}

Reply show_results(const Call& call) {
    const auto batch = finished_batch(call);
    const auto& kind = batch_kind(batch["request_type"].as_string());
    Json domains = Json::object();
    for (const auto& entry : batch["domains"].items()) {
        domains.set(entry["domain"].as_string(), domain_result(call, kind, entry));
    }
    auto body = enveloped("request", request_json(call, batch));
    body.set("domains", std::move(domains));
    return {200, std::move(body), {}};
}

/// The findings themselves, where Internet.nl has its probes' raw answers.
Reply show_technical(const Call& call) {
    const auto batch = finished_batch(call);
    store::QueryStore query(call.services.database);
    Json domains = Json::object();
    for (const auto& entry : batch["domains"].items()) {
        Json details = Json::object({{"status", entry["asset"].is_null() ? "error" : "ok"}});
        if (!entry["asset"].is_null()) {
            store::ListRequest request;
            request.equals = {{"asset", entry["asset"].as_string()}, {"presence", "present"}};
            request.visible = call.caller.visible;
            request.limit = 1000;
            auto found = query.list("findings", request).items;
            details.set("findings", Json::array(base::JsonArray(found.begin(), found.end())));
        }
        domains.set(entry["domain"].as_string(), std::move(details));
    }
    auto body = enveloped("request", request_json(call, batch));
    body.set("domains", std::move(domains));
    return {200, std::move(body), {}};
}

Json described(std::string_view type) {
    const auto& kind = batch_kind(type);
    return Json::object({{"categories", kind["categories"]}, {"tests", kind["tests"]}});
}

Reply show_metadata(const Call&) {
    return {
        200, enveloped("report", Json::object({{"web", described("web")}, {"mail", described("mail")}})), {}};
}

} // namespace

std::span<const Route> batch_routes() {
    static constexpr BodyField kFields[] = {
        {"type", "string", true}, {"name", "string"}, {"domains", "strings", true}};
    static constexpr BodyField kCancel[] = {{"status", "string", true}};
    static constexpr Route kRoutes[] = {
        {"POST",
         "/requests",
         Access::handing_in,
         "Test many domains",
         &take_batch,
         {},
         false,
         false,
         {},
         kFields},
        {"GET", "/requests", Access::signed_in, "One's own requests", &list_batches, {}, true},
        {"GET", "/requests/{id}", Access::signed_in, "Where a request stands", &show_batch},
        {"PATCH",
         "/requests/{id}",
         Access::signed_in,
         "Cancel a request",
         &cancel_batch,
         {},
         false,
         false,
         {},
         kCancel},
        {"GET", "/requests/{id}/results", Access::signed_in, "Results by domain", &show_results},
        {"GET", "/requests/{id}/results_technical", Access::signed_in, "Findings by domain", &show_technical},
        {"GET", "/metadata/report", Access::signed_in, "What the tests are", &show_metadata}};
    return kRoutes;
}

} // namespace fengsui::api
