#include "workflow/engine/collections.h"

#include <algorithm>
#include <array>
#include <span>

namespace fengsui::workflow {

namespace {

struct Kind {
    std::string_view collection;
    std::string_view singular;
    bool has_workflow;
    bool for_authorities;
    std::array<std::string_view, 4> fields;
};

constexpr Kind kKinds[] = {
    {"findings", "finding", true, false, {}},
    {"cases", "case", true, true, {}},
    {"notices", "notice", true, false, {"case"}},
    {"responses", "response", true, false, {"notice"}},
    {"verifications", "verification", true, false, {"case"}},
    {"incidents", "incident", true, false, {}},
    {"obligations", "obligation", false, false, {"rule", "subject", "debtor"}},
    {"outbox", "outbox", false, true, {"subject", "obligation", "to", "kind"}},
    {"documents", "document", false, false, {"kind", "subject"}},
    {"calendars", "calendar", false, true, {}},
    {"workflows", "workflow", false, true, {"wf"}},
    {"exports", "export", false, true, {"receiver"}},
};

const Kind* kind_of(std::string_view collection) {
    const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& kind) {
        return kind.collection == collection;
    });
    return found == std::end(kKinds) ? nullptr : found;
}

constexpr std::string_view kReserved[] = {
    "id",
    "state",
    "rev",
    "created_at",
    "created_by",
    "wf",
    "wf_version",
    "drill",
    "unit",
    "due",
    "overdue",
    "doc_no",
    "document",
    "body_sha256",
    "issued_at",
    "authors",
    "items",
    "findings",
    "case",
    "notices",
    "notice",
    "recipient",
    "type",
    "result",
    "tries",
    "run",
    "severity",
    "presence",
    "coverage",
    "recurrence",
    "previous",
    "submitted_at",
    "extensions",
    "fingerprint",
    "asset",
    "check",
    "locator",
    "sources",
    "history",
    "metrics",
    "severity_history",
    "presence_run",
    "first_seen",
    "last_seen",
    "manual_pass",
    "returned"};

} // namespace

std::string_view workflow_of(std::string_view collection) {
    const auto* kind = kind_of(collection);
    return kind != nullptr && kind->has_workflow ? kind->singular : std::string_view();
}

std::string_view collection_of(std::string_view workflow) {
    for (const auto& kind : kKinds) {
        if (kind.has_workflow && kind.singular == workflow) {
            return kind.collection;
        }
    }
    return {};
}

std::string_view singular_of(std::string_view collection) {
    const auto* kind = kind_of(collection);
    return kind == nullptr ? collection : kind->singular;
}

bool is_for_authorities(std::string_view collection) {
    const auto* kind = kind_of(collection);
    return kind == nullptr || kind->for_authorities;
}

bool is_hidden_from_units(const store::Record& record) {
    if (record.collection == "notices") {
        return record["issued_at"].is_null();
    }
    return record.collection == "documents" && record.state == "internal";
}

store::RecordFields fields_of(const store::Record& record) {
    store::RecordFields fields;
    if (const auto* kind = kind_of(record.collection)) {
        for (const auto field : kind->fields) {
            if (const auto& value = record[field]; !field.empty() && value.is_string()) {
                fields.emplace_back(field, value.as_string());
            }
        }
    }
    if (record.collection == "notices" && !record["issued_at"].is_null()) {
        fields.emplace_back("~issued", "yes");
    }
    if (record.collection == "calendars") {
        fields.emplace_back("unit", record.unit.str());
    }
    return fields;
}

std::string title_of(const store::Record& record) {
    for (const std::string_view member : {"doc_no", "title", "name"}) {
        if (const auto& value = record[member]; value.is_string() && !value.as_string().empty()) {
            return value.as_string();
        }
    }
    return record.id;
}

bool is_reserved(std::string_view member) {
    return std::find(std::begin(kReserved), std::end(kReserved), member) != std::end(kReserved);
}

} // namespace fengsui::workflow
