#include "workflow/engine/obligation_facts.h"

#include <algorithm>

namespace fengsui::workflow {

namespace {

struct Past {
    std::string_view event;
    std::string_view done;
};
/// Events as rules name them: by what has happened.
constexpr Past kPast[] = {
    {"issue", "issued"},
    {"grade", "graded"},
    {"regrade", "graded"},
    {"conclude", "concluded"},
    {"receive", "received"}};

} // namespace

std::string fact_event(const Record& record, std::string_view event) {
    for (const auto& past : kPast) {
        if (past.event == event) {
            return std::string(record.wf) + "." + std::string(past.done);
        }
    }
    return std::string(record.wf) + "." + std::string(event);
}

std::string max_severity(Operation& op, const Record& record) {
    std::optional<model::Severity> worst;
    const auto take = [&](const std::string& text) {
        if (const auto severity = model::parse_severity(text); severity && (!worst || *severity > *worst)) {
            worst = severity;
        }
    };
    for (const auto& item : record["items"].items()) {
        take(item["severity"].as_string());
    }
    for (const auto& id : record["findings"].items()) {
        if (const auto finding = op.find("findings", id.as_string())) {
            take((*finding)["severity"].as_string());
        }
    }
    return std::string(to_string(worst.value_or(model::Severity::medium)));
}

Json facts_of(Operation& op, const Record& record) {
    Json facts = record.body;
    facts.set("max_severity", max_severity(op, record));
    facts.set(record.wf, record.body);
    if (const auto unit = op.tree.find(record.unit)) {
        facts.set(
            "unit",
            Json::object(
                {{"id", unit->id.str()},
                 {"tier", unit->tier},
                 {"kind", unit->kind},
                 {"industry", unit->industry}}
            )
        );
    }
    bool is_critical = record["cii"].as_bool();
    for (const auto& id : record["systems"].items()) {
        const auto system = op.tree.system_facts(id.as_string());
        is_critical = is_critical || (system && system->critical);
    }
    facts.set("cii", is_critical);
    return facts;
}

std::string party(Operation& op, const Record& subject, std::string_view name) {
    if (name == "recipient" || name == "unit" || name == "participant" || name == "debtor") {
        return subject.unit.str();
    }
    if (name == "issuer" || name == "authority" || name == "organiser") {
        const auto authority = op.tree.authority_of(subject.unit);
        return authority ? authority->id.str() : std::string();
    }
    if (name == "regulator") {
        const auto unit = op.tree.find(subject.unit);
        return unit ? unit->regulator : std::string();
    }
    if (name == "upper") {
        const auto authority = op.tree.authority_of(subject.unit);
        const auto upper = authority ? op.tree.authority_of(authority->id) : std::nullopt;
        return upper ? upper->id.str() : std::string();
    }
    if (name == "protection_dept") {
        for (const auto& id : subject["systems"].items()) {
            const auto system = op.tree.system_facts(id.as_string());
            if (system && !system->protection_dept.empty()) {
                return system->protection_dept;
            }
        }
    }
    return std::string(name);
}

} // namespace fengsui::workflow
