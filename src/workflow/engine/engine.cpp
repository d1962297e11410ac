#include "workflow/engine.h"

#include "base/log.h"
#include "store/query_store.h"
#include "workflow/engine/collections.h"
#include "workflow/engine/documents.h"
#include "workflow/engine/obligations.h"
#include "workflow/engine/render_cache.h"
#include "workflow/engine/summary.h"
#include "workflow/engine/take_run.h"
#include "workflow/engine/verification.h"
#include "workflow/entities/entity.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

Rulebook load_rulebook(store::Database& database) {
    auto loaded = Rulebook::load();
    for (const auto& fault : loaded.faults) {
        base::log_error(fmt::format("{}: {}", fault.where, fault.message));
    }
    // Versions that were activated since, newest last.
    const store::ListRequest active{{{"state", "active"}}, {}, 1000, {}};
    for (const auto& record : store::QueryStore(database).list("workflows", active).items) {
        auto parsed = parse_definition(record);
        if (parsed.faults.empty()) {
            loaded.rulebook.add_workflow(std::move(parsed.definition));
        }
    }
    return std::move(loaded.rulebook);
}

using Create = Record (*)(Operation&, const Json&);

Create create_of(std::string_view collection) {
    struct Entry {
        std::string_view collection;
        Create create;
    };
    static constexpr Entry kEntries[] = {
        {"cases", create_case},
        {"notices", create_notice},
        {"responses", create_response},
        {"verifications", create_verification},
        {"calendars", create_calendar},
        {"workflows", create_workflow},
    };
    for (const auto& entry : kEntries) {
        if (entry.collection == collection) {
            return entry.create;
        }
    }
    throw Refusal(RefusalKind::absent, "there is no such collection");
}

/// Stored workflows have one event of their own, outside any workflow.
void activate_workflow(Operation& op, Record& record, std::string_view event) {
    if (event != "activate") {
        throw Refusal(RefusalKind::absent, "a workflow has one event: activate");
    }
    if (!op.actor.has_role("approver")) {
        throw Refusal(RefusalKind::role, "an approver activates a workflow");
    }
    op.require_rev(record);
    if (record.state != "stored") {
        throw Refusal(RefusalKind::wrong_state, "the workflow is " + record.state + " already");
    }
    if (record.created_by == op.actor.id) {
        throw Refusal::missing({"not_author"}, "another than its author activates it");
    }
    record.state = "active";
    op.save(record, "activate", "stored", "");
    op.parts.rulebook.add_workflow(parse_definition(record.body).definition);
}

/// Typesetting before the transaction that needs it: the text is guessed, and found again when it was right.
void render_ahead(Engine::Parts& parts, std::string_view id, const Request& request) {
    std::optional<DocumentText> text;
    {
        Operation op(parts, request);
        auto notice = op.find("notices", id);
        if (!notice || notice->state != "approved" || !op.actor.can_see(notice->unit)) {
            return;
        }
        const int year = static_cast<int>(op.calendar_of(notice->unit).date_of(op.now).year());
        const auto& type = (*notice)["type"].as_string();
        const auto number = op.records.peek_number(Rulebook::series_key(type, year, ""));
        notice->body.set("doc_no", parts.rulebook.format_number(type, year, number, base::Language::zh));
        notice->body.set("issued_at", base::format_rfc3339(op.now));
        notice->state = "issued";
        notice->due = due_to_be(op, *notice, "notice.fix");
        text = compose_document(op, *notice, type);
    }
    render(*text);
}

void fire(Operation& op, const store::Timer& timer) {
    if (timer.kind == "obligation.remind" || timer.kind == "obligation.overdue") {
        fire_obligation(op, timer);
    } else if (timer.kind == "finding.expire") {
        follow(op, "findings", timer.subject, "expire");
    } else if (timer.kind == "case.archive") {
        follow(op, "cases", timer.subject, "archive");
    } else {
        base::log_error(fmt::format("a timer of unknown kind {} was dropped", timer.kind));
    }
}

/// The moment after the due time exists only to fall behind it: what is told bears the due time itself.
base::Instant stamp_of(const store::Timer& timer) {
    return timer.kind == "obligation.overdue" ? std::chrono::floor<std::chrono::seconds>(timer.at) : timer.at;
}

} // namespace

Engine::Engine(store::Database& database, EngineOptions options)
    : parts_(new Parts{
        database,
        std::move(options),
        load_rulebook(database),
        DocumentTemplates::load_builtin(),
        store::BlobStore(database.directory())}) {}

Engine::~Engine() = default;

void Engine::set_listener(std::function<void(const Change&)> listener) {
    parts_->listener = std::move(listener);
}

const Rulebook& Engine::rulebook() const {
    return parts_->rulebook;
}

const DocumentTemplates& Engine::templates() const {
    return parts_->templates;
}

Record Engine::create(std::string_view collection, const Json& body, const Request& request) {
    const auto make = create_of(collection);
    Operation op(*parts_, request);
    auto record = make(op, body);
    record = *op.find(collection, record.id); // links may have moved it on
    op.commit();
    return record;
}

Record Engine::patch(
    std::string_view collection, std::string_view id, const Json& changes, const Request& request
) {
    Operation op(*parts_, request);
    auto record = op.load(collection, id);
    op.require_rev(record);
    patch_record(op, record, changes);
    op.commit();
    return record;
}

Record Engine::act(
    std::string_view collection,
    std::string_view id,
    std::string_view event,
    const Json& input,
    const Request& request
) {
    if (collection == "notices" && event == "issue") {
        render_ahead(*parts_, id, request);
    }
    Operation op(*parts_, request);
    auto record = op.load(collection, id);
    if (collection == "workflows") {
        activate_workflow(op, record, event);
    } else {
        transition(op, record, event, input);
    }
    record = *op.find(collection, id);
    op.commit();
    return record;
}

Json Engine::take_run(const Json& body, const Request& request) {
    Operation op(*parts_, request);
    auto run = workflow::take_run(op, body);
    op.commit();
    return run;
}

store::RecordedTarget Engine::record(const store::TargetResult& result) {
    Operation op(*parts_, {system_actor(), result.at, {}});
    auto recorded = store::FindingStore(parts_->database).record(result);
    follow_up(op, result, recorded, true);
    op.commit();
    return recorded;
}

std::vector<Record> Engine::verifications_in(std::string_view state) {
    std::vector<Record> found;
    store::RecordStore records(parts_->database);
    store::ListRequest request{{{"state", std::string(state)}}, {}, 1000, {}};
    for (const auto& item : store::QueryStore(parts_->database).list("verifications", request).items) {
        if (auto record = records.find("verifications", item["id"].as_string())) {
            found.push_back(std::move(*record));
        }
    }
    return found;
}

void Engine::settle_verification(
    const std::string& verification, const model::RunId& run, base::Instant now
) {
    Operation op(*parts_, {system_actor(), now, {}});
    auto record = op.find("verifications", verification);
    if (!record || (record->state != "planned" && record->state != "running")) {
        return; // withdrawn or judged meanwhile
    }
    const Witness witness = [&](const Record& finding) {
        const bool is_of_run = finding["presence_run"].as_string() == run.str();
        const bool is_present = finding["presence"].as_string() == "present";
        Sighting seen;
        for (const auto& line :
             store::QueryStore(parts_->database).coverage_of(model::AssetId(finding["asset"].as_string()))) {
            if (line["check"] == finding["check"]) {
                seen.is_covered = line["last_completed_run"].as_string() == run.str();
            }
        }
        seen.is_present = is_present && is_of_run;
        // A completed check that could not see this place says nothing of it.
        seen.is_covered = seen.is_covered && (!is_present || is_of_run);
        return seen;
    };
    judge_verification(op, *record, run.str(), witness);
    op.commit();
}

void Engine::ask_for_run(const std::string& verification, base::Instant now) {
    Operation op(*parts_, {system_actor(), now, {}});
    auto record = op.find("verifications", verification);
    if (!record || record->state != "planned" || (*record)["asked_at"].is_string()) {
        return;
    }
    record->body.set("asked_at", base::format_rfc3339(now));
    op.save(*record, "asked", record->state, "");
    const auto authority = op.tree.authority_of(record->unit);
    op.tell(*record, {"recheck", authority ? authority->id.str() : "", "officer", {}, {}, {}});
    op.commit();
}

Record Engine::add_document(Record document, std::string_view bytes, const Request& request) {
    document.body.set("sha256", parts_->blobs.put(bytes));
    document.body.set("size", static_cast<std::int64_t>(bytes.size()));
    Operation op(*parts_, request);
    document.collection = "documents";
    document.id = store::RecordStore::new_id("d");
    document.created_at = request.now;
    document.created_by = request.actor.id;
    op.insert(document);
    op.commit();
    return document;
}

std::string Engine::preview(const std::string& notice, const Request& request) {
    Operation op(*parts_, request);
    auto record = op.load("notices", notice);
    if (!record.due) {
        record.due = due_to_be(op, record, "notice.fix");
    }
    return to_html(compose_document(op, record, record["type"].as_string()));
}

Record Engine::summarise(
    const model::UnitId& unit, base::Instant from, base::Instant until, const Request& request
) {
    Operation op(*parts_, request);
    if (!request.actor.can_see(unit) || !op.tree.find(unit)) {
        throw Refusal(RefusalKind::absent, "there is no such unit");
    }
    Record subject;
    subject.collection = "scorecards";
    subject.id = unit.str();
    subject.unit = unit;
    const auto text =
        parts_->templates.compose("summary", language_of(op, subject), summary_fields(op, unit, from, until));
    const auto made = keep_document(op, subject, {"summary", "summary"}, text);
    auto record = *op.find("documents", made.html);
    op.commit();
    return record;
}

std::size_t Engine::run_due(base::Instant until, std::size_t at_most) {
    std::size_t fired = 0;
    while (fired < at_most) {
        const auto timer = store::TimerStore(parts_->database).first_due(until);
        if (!timer) {
            break;
        }
        // Taken out in the same transaction: it fires once, or not at all.
        Operation op(*parts_, {system_actor(), stamp_of(*timer), {}});
        op.timers.remove(timer->seq);
        fire(op, *timer);
        op.commit();
        ++fired;
    }
    return fired;
}

std::optional<base::Instant> Engine::next_due() {
    return store::TimerStore(parts_->database).next_at();
}

Json Engine::view(Json record, std::string_view collection, const Request& reader) const {
    if (collection == "notices") {
        const auto& state = record["state"].as_string();
        const auto due = base::parse_rfc3339(record["due"].as_string());
        record.set("overdue", (state == "issued" || state == "received") && due && *due < reader.now);
        if (reader.actor.is_only_unit()) {
            Json shown = Json::object();
            for (const auto& [name, value] : record.members()) {
                if (name != "internal_notes" && name != "authors") {
                    shown.set(name, value);
                }
            }
            return shown;
        }
    } else if (collection == "obligations") {
        Record obligation;
        obligation.unit = model::UnitId(record["unit"].as_string());
        obligation.state = record["state"].as_string();
        obligation.body = record;
        if (const auto due = base::parse_rfc3339(record["due"].as_string())) {
            obligation.due = *due;
        }
        add_lateness(parts_->database, obligation, reader.now, record);
    }
    return record;
}

} // namespace fengsui::workflow
