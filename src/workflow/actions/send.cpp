// send — whoever the event concerns is told.
#include "workflow/actions/action.h"
#include "workflow/engine/documents.h"

namespace fengsui::workflow {

namespace {

struct Message {
    std::string_view wf;
    std::string_view event;
    std::string_view kind;
};

constexpr Message kMessages[] = {
    {"notice", "issue", "notice"},
    {"notice", "urge", "urge"},
    {"notice", "request_extension", "extension_request"},
    {"notice", "dispute", "dispute"},
    {"notice", "extend", "extended"},
    {"notice", "return", "returned"},
    {"notice", "withdraw", "withdrawn"},
    {"case", "transfer", "transferred"},
    {"case", "return", "returned"},
    {"case", "fail", "failed"},
    {"response", "return", "returned"},
};

std::string_view kind_of(const Record& record, std::string_view event) {
    for (const auto& message : kMessages) {
        if (message.wf == record.wf && message.event == event) {
            return message.kind;
        }
    }
    return event; // a workflow of the operator's own
}

/// A unit reads notices, not cases: what it is told of a case is told of the case's newest notice.
Record subject_of(Operation& op, const Record& record) {
    if (record.collection == "responses") {
        return op.find("notices", record["notice"].as_string()).value_or(record);
    }
    if (record.collection == "cases") {
        const auto notices = op.records.find_all("notices", "case", record.id);
        for (auto notice = notices.rbegin(); notice != notices.rend(); ++notice) {
            if (!(*notice)["issued_at"].is_null() && notice->state != "withdrawn") {
                return *notice;
            }
        }
    }
    return record;
}

void tell_authority(ActionCall& call, std::string_view kind) {
    const auto authority = call.op.tree.authority_of(call.record.unit);
    call.op.tell(
        call.record, {std::string(kind), authority ? authority->id.str() : "", "officer", {}, {}, {}}
    );
}

} // namespace

void act_send(ActionCall& call) {
    auto& op = call.op;
    const auto& record = call.record;
    const std::string kind(kind_of(record, call.event));
    if (kind == "extension_request" || kind == "dispute") {
        tell_authority(call, kind);
        return;
    }
    if (kind == "transferred") {
        op.tell(record, {kind, value_of_text(call.input, record, "target_org"), "officer", {}, {}, {}});
        return;
    }
    if (kind == "withdrawn" && record["issued_at"].is_null()) {
        return; // the unit never heard of it
    }
    std::string document = record["document"].as_string();
    if (kind == "urge") {
        document = make_document(op, record, {"urge", "urge"}).html;
    }
    const auto subject = subject_of(op, record);
    op.tell(subject, {kind, record.unit.str(), "contact", {}, document, {}});
    if (kind == "notice") {
        for (const auto& copy : record["cc"].items()) {
            op.tell(subject, {kind, copy.as_string(), "contact", {}, document, {}});
        }
    }
}

} // namespace fengsui::workflow
