// One transition, in the order of contract_rest.md 6.1: role, revision, state, guards; then what it does.
#include "workflow/actions/action.h"
#include "workflow/engine/collections.h"
#include "workflow/engine/operation.h"
#include "workflow/guards/guard.h"
#include "workflow/links/links.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

namespace {

void require_role(const Definition& definition, std::string_view event, const Actor& actor) {
    const auto& all = definition.transitions;
    const bool is_allowed = std::any_of(all.begin(), all.end(), [&](const Transition& one) {
        return one.event == event && actor.has_any_role(one.roles);
    });
    if (!is_allowed) {
        throw Refusal(RefusalKind::role, fmt::format("your role does not allow \"{}\" here", event));
    }
}

const Transition& require_transition(
    const Definition& definition, const Record& record, std::string_view event
) {
    const auto* found = definition.find(event, record.state);
    if (found == nullptr) {
        throw Refusal(
            RefusalKind::wrong_state,
            fmt::format("\"{}\" is not possible while the {} is {}", event, definition.wf, record.state)
        );
    }
    return *found;
}

/// The names of the guards that are not met, with what the answer says beside them.
std::vector<std::string> unmet_guards(GuardCall& call, const Transition& transition) {
    std::vector<std::string> missing;
    for (const auto& text : transition.guards) {
        const auto guard = parse_guard(text);
        FENGSUI_CHECK(guard.has_value(), "the loader lets no unknown guard in");
        call.guard = &*guard;
        if (!is_met(call)) {
            missing.push_back(guard->name);
        }
    }
    return missing;
}

/// contract_rest.md 6.1: an action keeps the fields sent with it.
void keep_fields(Record& record, const Json& input) {
    for (const auto& [name, value] : input.members()) {
        if (!is_reserved(name) && !(record.collection == "findings" && name == "evidence")) {
            record.body.set(name, value);
        }
    }
}

void apply(Operation& op, Record& record, const Transition& taken, const Json& input) {
    const std::string from = record.state;
    if (taken.to != "*") {
        record.state = taken.to;
    }
    keep_fields(record, input);
    ActionCall call{op, record, input, taken.event, from, {}};
    for (const auto& text : taken.actions) {
        const auto action = parse_action(text);
        FENGSUI_CHECK(action.has_value(), "the loader lets no unknown action in");
        call.argument = action->argument;
        run_action(action->verb, call);
    }
    op.save(record, taken.event, from, input["reason"].as_string());
    run_links(op, record, taken.event, input);
}

} // namespace

void transition(Operation& op, Record& record, std::string_view event, const Json& input) {
    const auto& definition = op.definition_of(record);
    if (!definition.knows_event(event)) {
        throw Refusal(RefusalKind::absent, fmt::format("a {} has no event \"{}\"", definition.wf, event));
    }
    require_role(definition, event, op.actor);
    op.require_rev(record);
    const auto taken = require_transition(definition, record, event); // a copy: activation may replace it
    if (!op.actor.has_any_role(taken.roles)) {
        throw Refusal(RefusalKind::role, fmt::format("your role does not allow \"{}\" in this state", event));
    }
    GuardCall call{op, record, input, nullptr, Json::object()};
    const auto missing = unmet_guards(call, taken);
    if (!missing.empty()) {
        auto refusal =
            Refusal::missing(missing, fmt::format("\"{}\" needs: {}", event, fmt::join(missing, ", ")));
        for (const auto& [name, value] : call.answer.members()) {
            refusal.with(name, value);
        }
        throw refusal;
    }
    apply(op, record, taken, input);
}

bool follow(
    Operation& op, std::string_view collection, std::string_view id, std::string_view event, const Json& input
) {
    auto record = op.find(collection, id);
    if (!record) {
        return false;
    }
    const auto* found = op.definition_of(*record).find(event, record->state);
    if (found == nullptr) {
        return false;
    }
    const auto taken = *found;
    GuardCall call{op, *record, input, nullptr, Json::object()};
    if (!unmet_guards(call, taken).empty()) {
        return false;
    }
    apply(op, *record, taken, input);
    return true;
}

} // namespace fengsui::workflow
