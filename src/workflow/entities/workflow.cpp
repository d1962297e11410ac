// A new version of a workflow: judged when stored, in force when another than its author activates it.
#include "workflow/engine/collections.h"
#include "workflow/entities/entity.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

Json faults_json(const Faults& faults) {
    Json list = Json::array();
    for (const auto& fault : faults) {
        list.push(Json::object({{"where", fault.where}, {"message", fault.message}}));
    }
    return list;
}

} // namespace

Record create_workflow(Operation& op, const Json& body) {
    auto parsed = parse_definition(body);
    if (parsed.faults.empty() && collection_of(parsed.definition.wf).empty()
        && op.parts.rulebook.workflow(parsed.definition.wf) == nullptr) {
        parsed.faults.push_back({"wf", "is none of the workflows that the program runs"});
    }
    if (!parsed.faults.empty()) {
        throw Refusal(RefusalKind::guard, to_text(parsed.faults)).with("faults", faults_json(parsed.faults));
    }
    const auto& definition = parsed.definition;
    bool is_taken = op.parts.rulebook.workflow(definition.wf, definition.v) != nullptr;
    for (const auto& other : op.records.find_all("workflows", "wf", definition.wf)) {
        is_taken = is_taken || other["v"].as_int() == definition.v;
    }
    if (is_taken) {
        throw Refusal(
            RefusalKind::wrong_state,
            fmt::format("v: {} has a version {} already", definition.wf, definition.v)
        );
    }
    auto record = op.begin("workflows", "w", {});
    record.state = "stored";
    record.body = definition.to_json();
    record.body.set("authors", Json::array({op.actor.id}));
    op.insert(record);
    return record;
}

} // namespace fengsui::workflow
