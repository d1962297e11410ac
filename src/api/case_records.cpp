// Cases, notices and all that share their shape, as one table: who may read and make them, by what they may
// be asked for, and whether anything moves them (contract_rest.md 6.2, 6.3).
#include "api/case_records.h"

#include "api/api.h"
#include "api/auth.h"
#include "api/problem.h"
#include "check/texts.h"
#include "store/delivery_store.h"
#include "store/record_store.h"
#include "workflow/rulebook.h"

#include <algorithm>

namespace fengsui::api {

namespace {

using base::Json;

enum class Change : std::uint8_t {
    not_offered, ///< no PATCH: 405
    by_state,    ///< what the record's state leaves open
    never        ///< taken as it came: 409
};

struct Resource {
    std::string_view name;
    std::string_view one; ///< as in "One case"
    Access reads = Access::signed_in;
    Access makes = Access::officer;
    bool is_made = false; ///< by POST /{name}, through the engine
    Change change = Change::not_offered;
    bool has_actions = false;
    std::span<const std::string_view> filters;
    std::span<const BodyField> fields;
};

constexpr std::string_view kCaseFilters[] = {"unit", "state"};
constexpr std::string_view kNoticeFilters[] = {"case", "recipient", "state"};
constexpr std::string_view kResponseFilters[] = {"notice", "state"};
constexpr std::string_view kVerificationFilters[] = {"case", "state"};
constexpr std::string_view kObligationFilters[] = {"rule", "subject", "debtor", "state"};
constexpr std::string_view kOutboxFilters[] = {"subject", "obligation", "to", "delivery"};
constexpr std::string_view kDocumentFilters[] = {"kind", "subject"};
constexpr std::string_view kCalendarFilters[] = {"unit"};
constexpr std::string_view kWorkflowFilters[] = {"wf", "state"};
constexpr std::string_view kExportFilters[] = {"receiver"};

constexpr BodyField kCaseFields[] = {{"findings", "strings", true}, {"title", "string"}};
constexpr BodyField kNoticeFields[] = {
    {"type", "string", true},
    {"case", "string"},
    {"recipient", "string", true},
    {"cc", "strings"},
    {"basis", "array"},
    {"items", "array"},
    {"internal_notes", "string"},
    {"due", "string"},
    {"title", "string"}};
constexpr BodyField kResponseFields[] = {
    {"notice", "string", true}, {"items", "array"}, {"signer", "object"}};
constexpr BodyField kVerificationFields[] = {{"case", "string", true}};
constexpr BodyField kCalendarFields[] = {
    {"unit", "string", true},
    {"off", "dates"},
    {"workdays", "dates"},
    {"close", "string"},
    {"zone", "string"}};
constexpr BodyField kWorkflowFields[] = {
    {"wf", "string", true},
    {"v", "integer", true},
    {"states", "strings", true},
    {"initial", "string", true},
    {"final", "strings", true},
    {"t", "array", true}};

constexpr Resource kResources[] = {
    {"cases",
     "case",
     Access::authority,
     Access::officer,
     true,
     Change::by_state,
     true,
     kCaseFilters,
     kCaseFields},
    {"notices",
     "notice",
     Access::signed_in,
     Access::officer,
     true,
     Change::by_state,
     true,
     kNoticeFilters,
     kNoticeFields},
    {"responses",
     "reply",
     Access::signed_in,
     Access::unit,
     true,
     Change::by_state,
     true,
     kResponseFilters,
     kResponseFields},
    {"verifications",
     "re-check",
     Access::signed_in,
     Access::officer,
     true,
     Change::by_state,
     true,
     kVerificationFilters,
     kVerificationFields},
    {"obligations",
     "obligation",
     Access::signed_in,
     Access::officer,
     false,
     Change::not_offered,
     false,
     kObligationFilters,
     {}},
    {"outbox",
     "entry of the outbox",
     Access::authority,
     Access::officer,
     false,
     Change::not_offered,
     false,
     kOutboxFilters,
     {}},
    {"documents",
     "document",
     Access::signed_in,
     Access::handing_in,
     false,
     Change::never,
     false,
     kDocumentFilters,
     {}},
    {"calendars",
     "calendar",
     Access::authority,
     Access::operating,
     true,
     Change::by_state,
     false,
     kCalendarFilters,
     kCalendarFields},
    {"workflows",
     "workflow",
     Access::authority,
     Access::officer,
     true,
     Change::by_state,
     true,
     kWorkflowFilters,
     kWorkflowFields},
    {"exports",
     "export",
     Access::authority,
     Access::officer,
     false,
     Change::never,
     false,
     kExportFilters,
     {}},
};

/// Of which nobody owns one: they hold for all.
bool is_shared(std::string_view collection) {
    return collection == "workflows";
}

store::VisibleUnits visible_in(const Call& call, std::string_view collection) {
    return is_shared(collection) ? store::VisibleUnits() : call.caller.visible;
}

/// contract_rest.md 6.2: a unit sees notices from `issued` on, and no internal document.
bool is_hidden(const Call& call, std::string_view collection, const Json& record) {
    return call.caller.is_only_unit()
           && ((collection == "notices" && record["issued_at"].is_null())
               || (collection == "documents" && record["state"].as_string() == "internal"));
}

void hide_internal(const Call& call, store::ListRequest& request) {
    if (call.caller.is_only_unit() && call.route.collection == "notices") {
        request.equals.emplace_back("~issued", "yes");
    }
    if (call.caller.is_only_unit() && call.route.collection == "documents") {
        request.equals.emplace_back("~open", "internal");
    }
}

/// Who sees what is everybody's acts on it, too.
workflow::Request request_on(const Call& call, std::string_view collection) {
    auto request = call.as_request();
    if (is_shared(collection)) {
        request.actor.visible = {};
    }
    return request;
}

/// contract_rest.md 6.1: state, author, numbers and times are the server's; such members are passed over.
Json without_the_servers(const Json& body) {
    constexpr std::string_view kServers[] = {
        "id",
        "state",
        "rev",
        "created_at",
        "created_by",
        "drill",
        "wf",
        "wf_version",
        "overdue",
        "doc_no",
        "document",
        "body_sha256",
        "issued_at",
        "submitted_at",
        "tries",
        "history"};
    Json open = Json::object();
    for (const auto& [name, value] : body.members()) {
        if (std::find(std::begin(kServers), std::end(kServers), name) == std::end(kServers)) {
            open.set(name, value);
        }
    }
    return open;
}

Json viewed(const Call& call, std::string_view collection, Json record) {
    if (collection == "findings") {
        check::add_texts(record);
    }
    return call.services.engine.view(std::move(record), collection, call.as_request());
}

Reply list_records(const Call& call) {
    const auto collection = call.route.collection;
    auto request = list_request(call, call.route.filters);
    request.visible = visible_in(call, collection);
    hide_internal(call, request);
    auto page = store::QueryStore(call.services.database).list(collection, request);
    for (auto& item : page.items) {
        item = viewed(call, collection, std::move(item));
    }
    return page_reply(std::move(page));
}

/// How the entry left the house, or did not yet; without what was sent.
Json deliveries_of(const Call& call, const std::string& outbox) {
    Json list = Json::array();
    for (const auto& delivery : store::DeliveryStore(call.services.database).of(outbox)) {
        const bool is_waiting = delivery.state == "waiting";
        list.push(Json::object(
            {{"id", delivery.id},
             {"channel", delivery.channel},
             {"receiver", delivery.receiver},
             {"state", delivery.state},
             {"tries", delivery.tries},
             {"next_at", is_waiting ? Json(base::format_rfc3339(delivery.next_at)) : Json()},
             {"detail", delivery.detail}}
        ));
    }
    return list;
}

Reply show_record(const Call& call) {
    const auto collection = call.route.collection;
    auto record = viewed(call, collection, find_visible(call, collection, call.path_values[0]));
    if (collection == "outbox") {
        record.set("deliveries", deliveries_of(call, call.path_values[0]));
    }
    return tagged_reply(std::move(record));
}

Reply record_history(const Call& call) {
    const auto collection = call.route.collection;
    find_visible(call, collection, call.path_values[0]);
    auto events = store::QueryStore(call.services.database).history(collection, call.path_values[0]);
    if (call.caller.is_only_unit() && collection == "notices") {
        // What the office did before it let the notice out is the office's.
        const auto issued = std::find_if(events.begin(), events.end(), [](const Json& event) {
            return event["event"].as_string() == "issue";
        });
        events.erase(events.begin(), issued);
    }
    return history_reply(call, std::move(events));
}

Reply create_record(const Call& call) {
    const auto collection = call.route.collection;
    const auto made = call.services.engine.create(collection, call.body, request_on(call, collection));
    return tagged_reply(viewed(call, collection, made.to_json()), 201);
}

Reply change_record(const Call& call) {
    const auto collection = call.route.collection;
    const auto& id = call.path_values[0];
    find_visible(call, collection, id);
    const auto changed = call.services.engine.patch(
        collection, id, without_the_servers(call.body), request_on(call, collection)
    );
    return tagged_reply(viewed(call, collection, changed.to_json()));
}

Reply refuse_change(const Call& call) {
    const auto record = find_visible(call, call.route.collection, call.path_values[0]);
    require_revision(call, record["rev"].as_int());
    throw Problem(409, "wrong_state", "it is kept as it was handed in; make a new one");
}

Reply act_on_record(const Call& call) {
    const auto collection = call.route.collection;
    const auto& id = call.path_values[0];
    find_visible(call, collection, id);
    const auto moved = call.services.engine.act(
        collection, id, call.path_values[1], call.body, request_on(call, collection)
    );
    if (collection == "findings") {
        return show_record(call);
    }
    return tagged_reply(viewed(call, collection, moved.to_json()));
}

/// Paths and summaries of the table: made once, kept for the routes that point at them.
struct ResourceTexts {
    std::string list;
    std::string one;
    std::string history;
    std::string action;
    std::string list_summary;
    std::string one_summary;
    std::string make_summary;
    std::string history_summary;
};

ResourceTexts texts_of(const Resource& resource) {
    const std::string list = "/" + std::string(resource.name);
    const std::string one(resource.one);
    std::string title = std::string(resource.name);
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    return {
        list,
        list + "/{id}",
        list + "/{id}/history",
        list + "/{id}/actions/{event}",
        title,
        "One " + one,
        "Make a new " + one,
        "What became of a " + one};
}

void add_routes(const Resource& resource, const ResourceTexts& texts, std::vector<Route>& routes) {
    const auto add = [&](Route route) {
        route.collection = resource.name;
        routes.push_back(route);
    };
    add({"GET", texts.list, resource.reads, texts.list_summary, &list_records, resource.filters, true});
    if (resource.is_made) {
        Route make{"POST", texts.list, resource.makes, texts.make_summary, &create_record};
        make.fields = resource.fields;
        add(make);
    }
    add({"GET", texts.one, resource.reads, texts.one_summary, &show_record});
    if (resource.change != Change::not_offered) {
        const bool is_open = resource.change == Change::by_state;
        add(
            {"PATCH",
             texts.one,
             resource.makes,
             "Change what its state leaves open",
             is_open ? &change_record : &refuse_change}
        );
    }
    add({"GET", texts.history, resource.reads, texts.history_summary, &record_history, {}, true});
    if (resource.has_actions) {
        add({"POST", texts.action, resource.reads, "Run a step of its workflow", &act_on_record});
    }
}

} // namespace

std::optional<Json> look_up(const Call& call, std::string_view collection, const std::string& id) {
    auto record = store::QueryStore(call.services.database).get(collection, id, visible_in(call, collection));
    if (record && is_hidden(call, collection, *record)) {
        record.reset();
    }
    return record;
}

Json find_visible(const Call& call, std::string_view collection, const std::string& id) {
    auto record = look_up(call, collection, id);
    if (!record) {
        throw absent();
    }
    return std::move(*record);
}

void keep_shipped_workflows(store::Database& database, const workflow::Engine& engine, base::Instant now) {
    store::RecordStore records(database);
    for (const auto* definition : engine.rulebook().workflows()) {
        store::Record record;
        record.collection = "workflows";
        record.id = definition->wf + "." + std::to_string(definition->v);
        if (records.find("workflows", record.id)) {
            continue;
        }
        const auto versions = records.find_all("workflows", "wf", definition->wf);
        const bool is_kept = std::any_of(versions.begin(), versions.end(), [&](const store::Record& other) {
            return other["v"].as_int() == definition->v; // one that was handed in and activated
        });
        if (is_kept) {
            continue;
        }
        record.state = "active";
        record.created_at = now;
        record.created_by = "system";
        record.body = definition->to_json();
        records.insert(record, {{"wf", definition->wf}});
    }
}

std::vector<Route> case_record_routes() {
    static const std::vector<ResourceTexts> texts = [] {
        std::vector<ResourceTexts> made;
        std::transform(std::begin(kResources), std::end(kResources), std::back_inserter(made), texts_of);
        return made;
    }();
    std::vector<Route> routes;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        add_routes(kResources[i], texts[i], routes);
    }
    Route act{
        "POST",
        "/findings/{id}/actions/{event}",
        Access::signed_in,
        "Run a step of its workflow",
        &act_on_record};
    act.collection = "findings";
    routes.push_back(act);
    return routes;
}

} // namespace fengsui::api
