#include "store/sqlite/records.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::store::sqlite {

namespace {

using base::Json;

/// NULL and the empty text are both "none".
Json text_or_null(const Statement& row, int column) {
    auto text = row.text(column);
    return text.empty() ? Json() : Json(std::move(text));
}

Json time_or_null(const Statement& row, int column) {
    return row.is_null(column) ? Json() : Json(base::format_rfc3339(row.instant(column)));
}

Json stored_json(const Statement& row, int column) {
    const auto text = row.text(column);
    return text.empty() ? Json() : base::parse_json(text).or_throw();
}

/// contract_rest.md 6.1: what every record has. Nothing here is a drill's yet.
Json record_json(base::JsonObject members, std::int64_t rev, std::string created_by = "system") {
    auto json = Json::object(std::move(members));
    json.set("rev", std::max<std::int64_t>(rev, 1));
    json.set("created_by", std::move(created_by));
    json.set("drill", false);
    return json;
}

void add_members(Json& record, const Json& members) {
    for (const auto& [name, value] : members.members()) {
        record.set(name, value);
    }
}

// The registry's records are as new as their history is long.
constexpr std::string_view kUnitSelect =
    "SELECT u.seq, u.id, u.name, u.parent, u.created_at, (SELECT COUNT(*) FROM history h WHERE "
    "h.collection = 'units' AND h.record = u.id), u.kind, u.ext, u.created_by FROM units u";
constexpr Filter kUnitFilters[] = {{"unit", "u.id = ?"}, {"parent", "u.parent = ?"}, {"name", "u.name = ?"}};

Json unit_json(const Statement& row) {
    auto json = record_json(
        {{"id", row.text(1)},
         {"name", row.text(2)},
         {"kind", row.text(6)},
         {"tier", nullptr},
         {"parent", text_or_null(row, 3)},
         {"industry", nullptr},
         {"regulator", nullptr},
         {"office", nullptr},
         {"overseas", false},
         {"state", "active"},
         {"created_at", time_or_null(row, 4)}},
        row.integer(5),
        row.text(8)
    );
    add_members(json, stored_json(row, 7));
    return json;
}

void add_contacts(Connection& connection, Json& unit) {
    auto rows =
        connection.prepare("SELECT role, name, email, phone FROM contacts WHERE unit = ? ORDER BY position");
    rows.bind(unit["id"].as_string());
    auto contacts = Json::array();
    while (rows.step()) {
        contacts.push(Json::object(
            {{"role", rows.text(0)}, {"name", rows.text(1)}, {"email", rows.text(2)}, {"phone", rows.text(3)}}
        ));
    }
    unit.set("contacts", std::move(contacts));
}

constexpr std::string_view kSystemSelect =
    "SELECT s.seq, s.id, s.unit, s.name, s.protection_level, s.critical, s.state, "
    "(SELECT COUNT(*) FROM history h WHERE h.collection = 'systems' AND h.record = s.id), "
    "(SELECT MIN(h.at) FROM history h WHERE h.collection = 'systems' AND h.record = s.id), s.ext, "
    "s.created_by FROM "
    "systems s";
constexpr Filter kSystemFilters[] = {{"unit", "s.unit = ?"}, {"state", "s.state = ?"}};

Json system_json(const Statement& row) {
    auto json = record_json(
        {{"id", row.text(1)},
         {"unit", row.text(2)},
         {"name", row.text(3)},
         {"protection_dept", nullptr},
         {"maintainer", nullptr},
         {"protection_level", row.is_null(4) ? Json() : Json(row.integer(4))},
         {"critical", row.integer(5) != 0},
         {"state", row.text(6)},
         {"created_at", time_or_null(row, 8)}},
        row.integer(7),
        row.text(10)
    );
    add_members(json, stored_json(row, 9));
    return json;
}

constexpr std::string_view kAssetSelect =
    "SELECT a.seq, a.id, a.unit, a.system, a.value, a.kind, "
    "a.probe_class, a.authorised_from, a.authorised_until, a.custom, "
    "a.state, a.created_at, a.withdrawn_at, (SELECT MAX(c.at) FROM "
    "coverage c WHERE c.asset = a.id), (SELECT COUNT(*) FROM history h WHERE "
    "h.collection = 'assets' AND h.record = a.id), a.created_by FROM assets a";
constexpr Filter kAssetFilters[] = {
    {"unit", "a.unit = ?"},
    {"system", "a.system = ?"},
    {"state", "a.state = ?"},
    {"kind", "a.kind = ?"},
    {"probe_class", "a.probe_class = ?"},
    {"value", "a.value = ?"}};

Json asset_json(const Statement& row) {
    return record_json(
        {{"id", row.text(1)},
         {"unit", row.text(2)},
         {"system", text_or_null(row, 3)},
         {"value", row.text(4)},
         {"kind", row.text(5)},
         {"probe_class", row.text(6)},
         {"authorised_from", text_or_null(row, 7)},
         {"authorised_until", text_or_null(row, 8)},
         {"custom", stored_json(row, 9)},
         {"state", row.text(10)},
         {"created_at", time_or_null(row, 11)},
         {"withdrawn_at", time_or_null(row, 12)},
         {"last_checked", time_or_null(row, 13)}},
        row.integer(14),
        row.text(15)
    );
}

constexpr std::string_view kRunSelect =
    "SELECT r.seq, r.id, r.scope, r.tool_version, r.state, r.targets, r.summary, r.started_at, r.ended_at, "
    "(SELECT COUNT(*) FROM run_targets t WHERE t.run = r.id), r.tool, r.body, r.created_by FROM runs r";
constexpr Filter kRunFilters[] = {{"state", "r.state = ?"}};

Json run_json(const Statement& row) {
    const auto summary = stored_json(row, 6);
    // A run changes with each target that it completes, and when it ends.
    auto json = record_json(
        {{"id", row.text(1)},
         {"tool", row.text(10)},
         {"tool_version", row.text(3)},
         {"scope", stored_json(row, 2)},
         {"state", row.text(4)},
         {"started_at", time_or_null(row, 7)},
         {"ended_at", time_or_null(row, 8)},
         {"targets", row.integer(5)},
         {"completed", row.integer(9)},
         {"created_at", time_or_null(row, 7)}},
        1 + row.integer(9) + (row.is_null(8) ? 0 : 1),
        row.text(12)
    );
    for (const std::string_view field : {"requests", "bytes", "seconds", "findings"}) {
        if (const auto* value = summary.find(field)) {
            json.set(field, *value);
        }
    }
    add_members(json, stored_json(row, 11));
    return json;
}

constexpr std::string_view kKeptFindingSelect =
    "SELECT f.seq, f.id, f.fingerprint, f.unit, u.name, f.system, "
    "f.asset, f.target, f.check_id, f.locator, f.severity, "
    "t.title, t.advice, f.evidence, t.refs, f.presence, "
    "f.presence_run, f.first_seen, f.last_seen, f.last_run, f.state, "
    "f.recurrence, f.rev, f.created_at, f.ext, f.case_id, "
    "f.wf_version, f.created_by, f.drill FROM findings f LEFT JOIN "
    "units u ON u.id = f.unit LEFT JOIN check_texts t ON "
    "t.check_id = f.check_id";
constexpr Filter kFindingFilters[] = {
    {"unit", "f.unit = ?"},
    {"system", "f.system = ?"},
    {"asset", "f.asset = ?"},
    {"target", "f.target = ?"},
    {"check", "f.check_id = ?"},
    {"severity", "f.severity = ?"},
    {"presence", "f.presence = ?"},
    {"state", "f.state = ?"},
    {"case", "f.case_id = ?"},
    {"fingerprint", "f.fingerprint = ?"},
    {"run", "f.seq IN (SELECT r.finding FROM finding_runs r WHERE r.run = ?)"}};

constexpr std::string_view kUserSelect =
    "SELECT u.seq, u.id, u.name, u.roles, u.unit, u.disabled, u.created_at, u.rev, u.created_by, "
    "u.email, u.language, u.totp_secret <> '' FROM users u";
constexpr Filter kUserFilters[] = {{"name", "u.name = ?"}, {"unit", "u.unit = ?"}};

Json user_json(const Statement& row) {
    return record_json(
        {{"id", row.text(1)},
         {"name", row.text(2)},
         {"roles", stored_json(row, 3)},
         {"unit", text_or_null(row, 4)},
         {"email", text_or_null(row, 9)},
         {"language", text_or_null(row, 10)},
         {"disabled", row.integer(5) != 0},
         {"totp", row.integer(11) != 0},
         {"state", row.integer(5) != 0 ? "disabled" : "active"},
         {"created_at", time_or_null(row, 6)}},
        row.integer(7),
        row.text(8)
    );
}

constexpr std::string_view kAuditSelect = "SELECT a.seq, a.body, a.hash, a.prev_hash FROM audit a";
// A damaged body has no subject, and must not hide the other entries.
constexpr Filter kAuditFilters[] = {
    {"subject", "CASE WHEN json_valid(a.body) THEN json_extract(a.body, '$.subject') END = ?"}};
/// contract_rest.md 6.2: entries are in the scope of their subject; those of no unit are the office's.
constexpr std::string_view kAuditUnit =
    "(CASE WHEN json_valid(a.body) THEN CASE json_extract(a.body, '$.collection') "
    "WHEN 'units' THEN json_extract(a.body, '$.subject') "
    "WHEN 'users' THEN (SELECT x.unit FROM users x WHERE x.id = json_extract(a.body, '$.subject')) "
    "WHEN 'systems' THEN (SELECT x.unit FROM systems x WHERE x.id = json_extract(a.body, '$.subject')) "
    "WHEN 'assets' THEN (SELECT x.unit FROM assets x WHERE x.id = json_extract(a.body, '$.subject')) "
    "WHEN 'findings' THEN (SELECT x.unit FROM findings x WHERE x.id = json_extract(a.body, '$.subject')) "
    "ELSE (SELECT x.unit FROM records x WHERE x.collection = json_extract(a.body, '$.collection') AND x.id = "
    "json_extract(a.body, '$.subject')) END END)";

Json audit_json(const Statement& row) {
    // A damaged entry must not hide the others: verify says what is wrong with it.
    auto body = base::parse_json(row.text(1)).value_or(Json::object({{"seq", row.integer(0)}}));
    body.set("id", std::to_string(row.integer(0)));
    body.set("hash", row.text(2));
    body.set("prev_hash", row.text(3));
    return body;
}

Json case_record_json(const Statement& row) {
    Json json = Json::object({
        {"id", row.text(1)},
        {"unit", text_or_null(row, 2)},
        {"state", row.text(3)},
        {"rev", row.integer(4)},
        {"created_at", time_or_null(row, 8)},
        {"created_by", row.text(9)},
        {"drill", row.integer(7) != 0},
    });
    if (!row.text(5).empty()) {
        json.set("wf", row.text(5));
        json.set("wf_version", row.integer(6));
    }
    add_members(json, stored_json(row, 10));
    if (!row.is_null(11)) {
        json.set("due", time_or_null(row, 11));
    }
    return json;
}

// All of one shape: what may be asked for lies in record_fields.
#define FENGSUI_RECORDS(name)                                                                                \
    "SELECT r.seq, r.id, r.unit, r.state, r.rev, r.wf, r.wf_version, r.drill, r.created_at, r.created_by, "  \
    "r.body, "                                                                                               \
    "r.due FROM (SELECT * FROM records WHERE collection = '" name "') r"
#define FENGSUI_FIELD(name, field)                                                                           \
    {                                                                                                        \
        field, "r.seq IN (SELECT x.record_seq FROM record_fields x WHERE x.collection = '" name              \
               "' AND x.field = '" field "' "                                                                \
               "AND x.value = ?)"                                                                            \
    }
#define FENGSUI_COLLECTION(name, filters)                                                                    \
    { name, FENGSUI_RECORDS(name), "r.seq", "r.id", "r.unit", filters, case_record_json }

constexpr Filter kUnitState = {"state", "r.state = ?"};
constexpr Filter kOfUnit = {"unit", "r.unit = ?"};
constexpr Filter kNotHidden = {"~open", "r.state <> ?"};
constexpr Filter kCaseFilters[] = {kOfUnit, kUnitState};
constexpr Filter kNoticeFilters[] = {
    kOfUnit,
    kUnitState,
    FENGSUI_FIELD("notices", "case"),
    {"recipient", "r.unit = ?"},
    FENGSUI_FIELD("notices", "~issued")};
constexpr Filter kResponseFilters[] = {kOfUnit, kUnitState, FENGSUI_FIELD("responses", "notice")};
constexpr Filter kVerificationFilters[] = {kOfUnit, kUnitState, FENGSUI_FIELD("verifications", "case")};
constexpr Filter kObligationFilters[] = {
    kOfUnit,
    kUnitState,
    FENGSUI_FIELD("obligations", "rule"),
    FENGSUI_FIELD("obligations", "subject"),
    FENGSUI_FIELD("obligations", "debtor")};
constexpr Filter kOutboxFilters[] = {
    kOfUnit,
    kUnitState,
    FENGSUI_FIELD("outbox", "subject"),
    FENGSUI_FIELD("outbox", "obligation"),
    FENGSUI_FIELD("outbox", "to"),
    FENGSUI_FIELD("outbox", "kind"),
    {"delivery", "EXISTS (SELECT 1 FROM deliveries x WHERE x.outbox = r.id AND x.state = ?)"}};
constexpr Filter kDocumentFilters[] = {
    kOfUnit,
    FENGSUI_FIELD("documents", "kind"),
    FENGSUI_FIELD("documents", "subject"),
    kUnitState,
    kNotHidden};
constexpr Filter kCalendarFilters[] = {kOfUnit, kUnitState};
constexpr Filter kWorkflowFilters[] = {kUnitState, FENGSUI_FIELD("workflows", "wf")};
constexpr Filter kExportFilters[] = {kUnitState, FENGSUI_FIELD("exports", "receiver")};
constexpr Filter kIncidentFilters[] = {kOfUnit, kUnitState};

constexpr Collection kCollections[] = {
    FENGSUI_COLLECTION("cases", kCaseFilters),
    FENGSUI_COLLECTION("notices", kNoticeFilters),
    FENGSUI_COLLECTION("responses", kResponseFilters),
    FENGSUI_COLLECTION("verifications", kVerificationFilters),
    FENGSUI_COLLECTION("obligations", kObligationFilters),
    {"outbox",
     FENGSUI_RECORDS("outbox"),
     "r.seq",
     "r.id",
     "r.unit",
     kOutboxFilters,
     case_record_json,
     nullptr,
     "json_extract(r.body, '$.to')"},
    FENGSUI_COLLECTION("documents", kDocumentFilters),
    FENGSUI_COLLECTION("calendars", kCalendarFilters),
    FENGSUI_COLLECTION("workflows", kWorkflowFilters),
    FENGSUI_COLLECTION("exports", kExportFilters),
    FENGSUI_COLLECTION("incidents", kIncidentFilters),
    {"units", kUnitSelect, "u.seq", "u.id", "u.id", kUnitFilters, unit_json, add_contacts},
    {"systems", kSystemSelect, "s.seq", "s.id", "s.unit", kSystemFilters, system_json},
    {"assets", kAssetSelect, "a.seq", "a.id", "a.unit", kAssetFilters, asset_json},
    {"runs", kRunSelect, "r.seq", "r.id", "", kRunFilters, run_json},
    {"findings", kKeptFindingSelect, "f.seq", "f.id", "f.unit", kFindingFilters, finding_json},
    {"users", kUserSelect, "u.seq", "u.id", "u.unit", kUserFilters, user_json},
    {"audit", kAuditSelect, "a.seq", "CAST(a.seq AS TEXT)", kAuditUnit, kAuditFilters, audit_json},
};

} // namespace

const Collection& collection_named(std::string_view name) {
    for (const auto& collection : kCollections) {
        if (collection.name == name) {
            return collection;
        }
    }
    throw base::Error(base::ErrorCode::not_found, fmt::format("there is no collection \"{}\"", name));
}

std::string_view finding_select() {
    return kKeptFindingSelect;
}

Json finding_json(const Statement& row) {
    auto json = record_json(
        {{"id", row.text(1)},
         {"fingerprint", row.text(2)},
         {"unit", row.text(3)},
         {"unit_name", row.text(4)},
         {"system", text_or_null(row, 5)},
         {"asset", row.text(6)},
         {"target", row.text(7)},
         {"check", row.text(8)},
         {"locator", row.text(9)},
         {"severity", row.text(10)},
         {"title", stored_json(row, 11)},
         {"advice", stored_json(row, 12)},
         {"evidence", stored_json(row, 13)},
         {"references", stored_json(row, 14)},
         {"presence", row.text(15)},
         {"presence_run", row.text(16)},
         {"first_seen", time_or_null(row, 17)},
         {"last_seen", time_or_null(row, 18)},
         {"last_run", row.text(19)},
         {"state", row.text(20)},
         {"case", text_or_null(row, 25)},
         {"recurrence", row.integer(21)},
         {"disclosure", "published"},
         {"provider", nullptr},
         {"sources", Json::array()},
         {"wf", "finding"},
         {"wf_version", row.integer(26)},
         {"created_at", time_or_null(row, 23)}},
        row.integer(22),
        row.text(27)
    );
    json.set("drill", row.integer(28) != 0);
    add_members(json, stored_json(row, 24)); // what imports and actions left
    return json;
}

} // namespace fengsui::store::sqlite
