#include "workflow/engine/operation.h"

#include "base/text.h"
#include "store/audit_store.h"
#include "store/delivery_store.h"
#include "workflow/engine/collections.h"
#include "workflow/engine/mail.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

/// Failed, returned: two sides of one matter for the unit.
std::string matter_of(const std::string& kind) {
    return kind == "returned" ? "failed" : kind;
}

} // namespace

Calendar calendar_for(store::Database& database, const model::UnitId& unit) {
    store::UnitTree tree(database);
    store::RecordStore records(database);
    auto authority = tree.authority_of(unit);
    for (int depth = 0; authority && depth < 64; ++depth) {
        const auto calendars = records.find_all("calendars", "unit", authority->id.str());
        if (!calendars.empty()) {
            return parse_calendar(calendars.back().body).calendar;
        }
        authority = tree.authority_of(authority->id);
    }
    return {};
}

Operation::Operation(Engine::Parts& its, Request request)
    : parts(its),
      actor(std::move(request.actor)),
      now(request.now),
      records(its.database),
      timers(its.database),
      scores(its.database),
      tree(its.database),
      transaction_(its.database),
      rev_(request.rev) {}

void Operation::commit() {
    transaction_.commit();
    if (parts.listener) {
        for (const auto& change : changes_) {
            parts.listener(change);
        }
    }
}

Record Operation::load(std::string_view collection, std::string_view id) {
    auto record = find(collection, id);
    if (!record || !actor.can_see(record->unit) || (actor.is_only_unit() && is_hidden_from_units(*record))) {
        throw Refusal(RefusalKind::absent, "there is no such record");
    }
    return std::move(*record);
}

std::optional<Record> Operation::find(std::string_view collection, std::string_view id) {
    return records.find(collection, id);
}

const Definition& Operation::definition_of(const Record& record) const {
    const auto* definition = parts.rulebook.workflow(record.wf, static_cast<int>(record.wf_version));
    if (definition == nullptr) {
        throw base::Error(
            base::ErrorCode::corrupt,
            fmt::format(
                "{} {} began with version {} of workflow {}, which is not there any more",
                record.collection,
                record.id,
                record.wf_version,
                record.wf
            )
        );
    }
    return *definition;
}

Calendar Operation::calendar_of(const model::UnitId& unit) {
    return calendar_for(parts.database, unit);
}

Record Operation::begin(std::string_view collection, std::string_view letter, const model::UnitId& unit)
    const {
    Record record;
    record.collection = collection;
    record.id = store::RecordStore::new_id(letter);
    record.unit = unit;
    record.created_at = now;
    record.created_by = actor.id;
    record.wf = workflow_of(collection);
    if (record.wf.empty()) {
        record.state = "active";
        return record;
    }
    const auto* definition = parts.rulebook.workflow(record.wf);
    FENGSUI_CHECK(definition != nullptr, "a collection whose workflow is not shipped");
    record.wf_version = definition->v;
    record.state = definition->initial;
    return record;
}

void Operation::insert(Record& record) {
    records.insert(record, fields_of(record));
    records.add_history(record, now, actor.id, "created", "", "");
    audit(record, "created", "", "");
}

void Operation::save(Record& record, std::string_view event, std::string_view from, std::string_view reason) {
    if (record.collection == "findings") {
        const bool is_closed = record.state == "closed" && from != "closed";
        records.update_finding(record, is_closed ? std::optional(now) : std::nullopt, event == "reopen");
    } else {
        records.update(record, fields_of(record));
    }
    records.add_history(record, now, actor.id, event, from, reason);
    audit(record, event, from, reason);
}

void Operation::audit(
    const Record& record, std::string_view event, std::string_view from, std::string_view reason
) {
    Json details = Json::object({{"from", from}, {"to", record.state}, {"rev", record.rev}});
    if (!reason.empty()) {
        details.set("reason", reason);
    }
    const std::string name = fmt::format("{}.{}", singular_of(record.collection), event);
    store::AuditStore(parts.database).append({now, actor.id, name, record.collection, record.id, details});
    changes_.push_back(
        {record.collection,
         record.id,
         record.unit,
         std::string(event),
         record.state,
         record.rev,
         is_for_authorities(record.collection) || is_hidden_from_units(record)}
    );
}

void Operation::require_rev(const Record& record) const {
    if (rev_ && *rev_ != record.rev) {
        throw Refusal(
            RefusalKind::stale,
            fmt::format("the record has changed: it is at \"{}\"; read it again", record.rev)
        );
    }
}

void Operation::tell(const Record& about, const Telling& telling) {
    const auto matter = fmt::format(
        "{}\n{}\n{}\n{}", matter_of(telling.kind), telling.to, telling.to_role, telling.obligation
    );
    if (!told_.insert(matter).second) {
        return;
    }
    const auto receiver = tree.find(model::UnitId(telling.to));
    Record entry = begin("outbox", "x", about.unit);
    entry.state = "told";
    entry.drill = about.drill;
    entry.body = Json::object({
        {"at", base::format_rfc3339(now)},
        {"kind", telling.kind},
        {"subject", about.id},
        {"subject_collection", about.collection},
        {"obligation", telling.obligation.empty() ? Json() : Json(telling.obligation)},
        {"to", telling.to.empty() ? Json() : Json(telling.to)},
        {"to_role", telling.to_role},
        {"channel", "in_app"},
        {"title", telling.title.empty() ? title_of(about) : telling.title},
        {"document", telling.document.empty() ? Json() : Json(telling.document)},
    });
    const auto deliveries = deliveries_of(*this, entry, receiver);
    if (!deliveries.empty() && deliveries.front().channel == "mail") {
        entry.body.set("channel", "mail");
    }
    records.insert(entry, fields_of(entry));
    for (const auto& delivery : deliveries) {
        store::DeliveryStore(parts.database).add(delivery);
    }
    changes_.push_back({"outbox", entry.id, entry.unit, telling.kind, entry.state, entry.rev, true});
}

} // namespace fengsui::workflow
