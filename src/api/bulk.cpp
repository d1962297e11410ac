// One selection, many units: a case and a draft notice for each, then their steps, one transaction each.
#include "api/api.h"
#include "api/body.h"
#include "base/hash.h"
#include "store/atomic_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fengsui::api {

namespace {

using base::Json;

constexpr std::size_t kMostFindings = 100'000;
constexpr std::array<std::string_view, 3> kEvents = {"submit", "approve", "issue"};

struct Selection {
    std::string type;
    std::vector<std::pair<std::string, std::string>> filters;
    std::map<std::string, std::vector<Json>> findings; ///< by unit
};

void read_filters(const Call& call, Selection& selection) {
    const Json* select = member_of(call.body, "select", &Json::is_object);
    if (select == nullptr) {
        throw guard_failed("select", "select: say which findings, {check severity unit state}");
    }
    std::string state = "confirmed";
    for (const auto& [name, value] : select->members()) {
        constexpr std::array<std::string_view, 4> kKnown = {"check", "severity", "unit", "state"};
        if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
            throw Problem(400, "malformed", fmt::format("select: \"{}\" is not a filter", name));
        }
        std::string text;
        take_text(*select, name, text);
        if (name == "state") {
            state = text;
        } else if (!text.empty()) {
            selection.filters.emplace_back(name, text);
        }
    }
    if (state != "confirmed") {
        throw guard_failed("state", "select: only confirmed findings go into a case");
    }
    selection.filters.emplace_back("state", state);
}

/// All that match, page by page.
Selection select_findings(const Call& call) {
    Selection selection;
    selection.type = required_text(call.body, "type");
    read_filters(call, selection);
    store::QueryStore query(call.services.database);
    store::ListRequest request{selection.filters, call.caller.visible, 1000, {}};
    std::size_t count = 0;
    do {
        auto page = query.list("findings", request);
        count += page.items.size();
        if (count > kMostFindings) {
            throw guard_failed("select", "select: more than 100,000 findings; choose fewer");
        }
        for (auto& finding : page.items) {
            const auto unit = finding["unit"].as_string();
            selection.findings[unit].push_back(std::move(finding));
        }
        request.cursor = page.next_cursor;
    } while (!request.cursor.empty());
    return selection;
}

std::string worst_of(const std::vector<Json>& findings) {
    constexpr std::array<std::string_view, 5> kOrder = {"critical", "high", "medium", "low", "info"};
    for (const auto severity : kOrder) {
        for (const auto& finding : findings) {
            if (finding["severity"].as_string() == severity) {
                return std::string(severity);
            }
        }
    }
    return "info";
}

Reply preview(const Call& call) {
    const auto selection = select_findings(call);
    Json units = Json::array();
    std::size_t count = 0;
    for (const auto& [unit, findings] : selection.findings) {
        count += findings.size();
        units.push(Json::object(
            {{"unit", unit},
             {"unit_name", findings.front()["unit_name"]},
             {"findings", std::uint64_t{findings.size()}},
             {"severity", worst_of(findings)}}
        ));
    }
    return {
        200,
        Json::object(
            {{"units", units},
             {"notices", std::uint64_t{selection.findings.size()}},
             {"findings", std::uint64_t{count}}}
        ),
        {}};
}

Json ids_of(const std::vector<Json>& findings) {
    Json ids = Json::array();
    for (const auto& finding : findings) {
        ids.push(finding["id"]);
    }
    return ids;
}

/// What went wrong with one of many, in the form of the single answer.
Json failure(const std::exception& error, Json entry) {
    const auto* refusal = dynamic_cast<const workflow::Refusal*>(&error);
    entry.set("ok", false);
    entry.set("detail", error.what());
    if (refusal != nullptr) {
        for (const auto& [name, value] : refusal->members().members()) {
            entry.set(name, value);
        }
    }
    return entry;
}

/// Case and draft are made together or not at all; findings that went into a case are confirmed no more, so
/// a repetition makes nothing twice.
Json draft_one(const Call& call, const Selection& selection, const std::string& unit) {
    const auto& findings = selection.findings.at(unit);
    Json entry = Json::object({{"unit", unit}});
    try {
        auto& engine = call.services.engine;
        const auto request = call.as_request();
        store::AtomicWork transaction(call.services.database);
        const auto opened = engine.create("cases", Json::object({{"findings", ids_of(findings)}}), request);
        engine.act("cases", opened.id, "verify", Json::object(), request);
        Json notice = Json::object({{"type", selection.type}, {"case", opened.id}, {"recipient", unit}});
        for (const std::string_view name : {"basis", "title", "cc"}) {
            if (const auto* value = call.body.find(name)) {
                notice.set(name, *value);
            }
        }
        if (const auto* note = call.body.find("note")) {
            notice.set("internal_notes", *note);
        }
        const auto drafted = engine.create("notices", notice, request);
        transaction.commit();
        entry.set("ok", true);
        entry.set("case", opened.id);
        entry.set("notice", drafted.id);
        entry.set("findings", std::uint64_t{findings.size()});
        return entry;
    } catch (const workflow::Refusal& refusal) {
        return failure(refusal, std::move(entry));
    } catch (const base::Error& error) {
        if (error.code() != base::ErrorCode::conflict) {
            throw;
        }
        return failure(error, std::move(entry));
    }
}

Reply results_reply(Json results) {
    std::uint64_t good = 0;
    for (const auto& entry : results.items()) {
        good += entry["ok"].as_bool() ? 1U : 0U;
    }
    const auto bad = std::uint64_t{results.items().size()} - good;
    return {200, Json::object({{"results", std::move(results)}, {"done", good}, {"refused", bad}}), {}};
}

Reply draft_all(const Call& call) {
    const auto selection = select_findings(call);
    Json results = Json::array();
    for (const auto& [unit, findings] : selection.findings) {
        results.push(draft_one(call, selection, unit));
    }
    return results_reply(std::move(results));
}

Json act_on_one(const Call& call, const std::string& event, const std::string& notice) {
    Json entry = Json::object({{"notice", notice}});
    try {
        const auto moved =
            call.services.engine.act("notices", notice, event, Json::object(), call.as_request());
        entry.set("ok", true);
        entry.set("state", moved.state);
        entry.set("doc_no", moved["doc_no"]);
        return entry;
    } catch (const workflow::Refusal& refusal) {
        return failure(refusal, std::move(entry));
    } catch (const base::Error& error) {
        if (error.code() != base::ErrorCode::conflict) {
            throw;
        }
        return failure(error, std::move(entry));
    }
}

Reply act_on_all(const Call& call) {
    const auto& event = call.path_values[0];
    if (std::find(kEvents.begin(), kEvents.end(), event) == kEvents.end()) {
        throw absent();
    }
    const bool may = event == "approve" ? call.caller.has_role("approver") : call.caller.has_role("officer");
    if (!may) {
        throw Problem(403, "role", "your role does not allow this");
    }
    Json results = Json::array();
    for (const auto& notice : required_texts(call.body, "notices")) {
        results.push(act_on_one(call, event, notice));
    }
    return results_reply(std::move(results));
}

constexpr BodyField kSelectionFields[] = {
    {"type", "string", true},
    {"select", "object", true},
    {"basis", "array"},
    {"title", "string"},
    {"note", "string"},
    {"cc", "strings"}};
constexpr BodyField kNoticesFields[] = {{"notices", "strings", true}};

} // namespace

std::vector<Route> bulk_routes() {
    Route show{"POST", "/notices/bulk/preview", Access::officer, "What a selection would come to", &preview};
    show.fields = kSelectionFields;
    Route draft{
        "POST",
        "/notices/bulk",
        Access::officer,
        "A case and a draft notice for every unit of a selection",
        &draft_all};
    draft.fields = kSelectionFields;
    draft.is_in_parts = true;
    Route act{
        "POST",
        "/notices/bulk/actions/{event}",
        Access::authority,
        "Submit, approve or issue many notices",
        &act_on_all};
    act.fields = kNoticesFields;
    act.is_in_parts = true;
    return {show, draft, act};
}

} // namespace fengsui::api
