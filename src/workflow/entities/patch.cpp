// PATCH: what each collection leaves open in which state.
#include "workflow/entities/entity.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

namespace {

struct Open {
    std::string_view collection;
    std::string_view member;
    std::string_view states; ///< separated by `|`; empty: all
};

constexpr Open kOpen[] = {
    {"notices", "type", "draft"},
    {"notices", "recipient", "draft"},
    {"notices", "cc", "draft"},
    {"notices", "basis", "draft"},
    {"notices", "items", "draft"},
    {"notices", "title", "draft"},
    {"notices", "incident", "draft"},
    {"notices", "internal_notes", ""},
    {"cases", "title", "open|verifying|noticed|rectifying|replied|rechecking|escalated|transferred"},
    {"cases", "owner", "open|verifying|noticed|rectifying|replied|rechecking|escalated|transferred"},
    {"responses", "items", "draft|returned"},
    {"responses", "signer", "draft|returned"},
    {"documents", "name", ""},
    {"calendars", "off", ""},
    {"calendars", "workdays", ""},
    {"calendars", "close", ""},
    {"calendars", "zone", ""},
};

bool names(std::string_view states, std::string_view state) {
    while (!states.empty()) {
        const auto end = std::min(states.find('|'), states.size());
        if (states.substr(0, end) == state) {
            return true;
        }
        states.remove_prefix(std::min(end + 1, states.size()));
    }
    return false;
}

const Open* open_member(const Record& record, std::string_view name) {
    const auto* found = std::find_if(std::begin(kOpen), std::end(kOpen), [&](const Open& open) {
        return open.collection == record.collection && open.member == name;
    });
    return found == std::end(kOpen) ? nullptr : found;
}

Json checked(Operation& op, Record& record, std::string_view name, const Json& value) {
    if (record.collection == "notices" && name == "items") {
        return notice_items(op, member(Json::object({{"items", value}}), "items", &Json::is_array));
    }
    if (record.collection == "responses" && name == "items") {
        const auto notice = op.find("notices", record["notice"].as_string());
        return response_items(*notice, value);
    }
    if (name == "recipient") {
        const model::UnitId unit(value.as_string());
        if (!op.actor.can_see(unit) || !op.tree.find(unit)) {
            refuse_reference("recipient");
        }
        record.unit = unit;
    }
    if (name == "type" && value.as_string() != "rectify" && value.as_string() != "risk_tip") {
        throw Refusal(RefusalKind::malformed, "type: rectify or risk_tip");
    }
    if ((name == "cc" || name == "basis") && !value.is_array()) {
        throw Refusal(RefusalKind::malformed, fmt::format("{}: is a list", name));
    }
    if (name == "cc") {
        require_copies(op, record.unit, value);
    } else if (name == "basis") {
        require_bases(value);
    }
    return value;
}

void add_author(const Operation& op, Record& record) {
    Json authors = record["authors"];
    const auto& known = authors.items();
    if (!authors.is_null() && std::none_of(known.begin(), known.end(), [&](const Json& one) {
            return one.as_string() == op.actor.id;
        })) {
        record.body.set("authors", authors.push(op.actor.id));
    }
}

} // namespace

void patch_record(Operation& op, Record& record, const Json& changes) {
    bool any = false;
    for (const auto& [name, value] : changes.members()) {
        const auto* open = open_member(record, name);
        if (open == nullptr) {
            continue; // the server's own, or not a member: contract_rest.md 6.1 lets us ignore it
        }
        if (!open->states.empty() && !names(open->states, record.state)) {
            throw Refusal(
                RefusalKind::wrong_state,
                fmt::format("{} cannot be changed while the record is {}", name, record.state)
            );
        }
        record.body.set(name, checked(op, record, name, value));
        any = true;
    }
    if (record.collection == "calendars") {
        if (const auto parsed = parse_calendar(record.body); !parsed.faults.empty()) {
            throw Refusal(RefusalKind::malformed, to_text(parsed.faults));
        }
    }
    if (!any && !changes.members().empty()) {
        throw Refusal(
            RefusalKind::wrong_state,
            fmt::format("nothing of that can be changed while the record is {}", record.state)
        );
    }
    add_author(op, record);
    op.save(record, "changed", record.state, "");
}

} // namespace fengsui::workflow
