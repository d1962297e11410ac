#include "workflow/entities/entity.h"

#include "workflow/engine/times.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::workflow {

const Json& member(const Json& body, std::string_view name, bool (Json::*is_kind)() const) {
    const auto& value = body[name];
    if (!value.is_null() && !(value.*is_kind)()) {
        throw Refusal(RefusalKind::malformed, fmt::format("{}: is of the wrong type", name));
    }
    return value;
}

std::string required_text(const Json& body, std::string_view name) {
    const auto& value = member(body, name, &Json::is_string);
    if (value.as_string().empty()) {
        throw Refusal::missing({std::string(name)}, fmt::format("{}: must be given", name));
    }
    return value.as_string();
}

void refuse_reference(std::string_view name) {
    throw Refusal::missing({std::string(name)}, fmt::format("{}: there is no such record", name));
}

Json items_of_findings(Operation& op, const std::vector<std::string>& findings) {
    Json items = Json::array();
    for (const auto& id : findings) {
        const auto finding = op.find("findings", id);
        if (!finding || !op.actor.can_see(finding->unit)) {
            refuse_reference("items");
        }
        const auto texts =
            op.parts.options.texts_of ? op.parts.options.texts_of((*finding)["check"].as_string()) : Json();
        const auto& title = (*finding)["title"];
        items.push(Json::object({
            {"finding", id},
            {"title", title.is_null() ? texts["title"] : title},
            {"severity", (*finding)["severity"]},
            {"advice", texts["advice"]},
        }));
    }
    return items;
}

Json notice_items(Operation& op, const Json& items) {
    Json made = Json::array();
    for (const auto& item : items.items()) {
        const auto id = item.is_string() ? item.as_string() : item["finding"].as_string();
        Json one = Json::object();
        if (!id.empty()) {
            one = items_of_findings(op, {id}).items().front();
        }
        for (const std::string_view name : {"title", "severity", "advice"}) {
            if (!item[name].is_null()) {
                one.set(name, item[name]);
            }
        }
        const auto& severity = one["severity"];
        if (!severity.is_null() && !model::parse_severity(severity.as_string())) {
            throw Refusal(
                RefusalKind::malformed, "items: severity is one of critical, high, medium, low, info"
            );
        }
        if (one.members().empty()) {
            throw Refusal(RefusalKind::malformed, "items: each is {finding title severity advice}");
        }
        made.push(std::move(one));
    }
    return made;
}

void require_copies(Operation& op, const model::UnitId& recipient, const Json& copies) {
    const auto above = op.tree.ancestors(recipient);
    const auto unit = op.tree.find(recipient);
    for (const auto& copy : copies.items()) {
        const model::UnitId id(copy.as_string());
        const bool is_above =
            std::any_of(above.begin(), above.end(), [&](const auto& one) { return one.id == id; });
        const bool is_regulator = unit && unit->regulator == id.str();
        if (!op.tree.find(id) || !(is_above || is_regulator || op.actor.can_see(id))) {
            refuse_reference("cc");
        }
    }
}

void require_bases(const Json& bases) {
    for (const auto& basis : bases.items()) {
        if (!basis.is_object() || !basis["law"].is_string()) {
            throw Refusal(RefusalKind::malformed, "basis: each is {law version article}");
        }
    }
}

Json response_items(const Record& notice, const Json& items) {
    constexpr std::string_view kResults[] = {"fixed", "mitigated", "not_fixed"};
    std::vector<std::string> answered;
    const auto& asked = notice["items"].items();
    for (const auto& item : items.items()) {
        const auto& id = item["finding"].as_string();
        const bool is_asked = std::any_of(asked.begin(), asked.end(), [&](const Json& one) {
            return one["finding"] == item["finding"];
        });
        if (!item.is_object() || !is_asked
            || std::find(answered.begin(), answered.end(), id) != answered.end()) {
            throw Refusal(
                RefusalKind::malformed, "items: each answers one item of the notice, by its finding, once"
            );
        }
        const auto& result = member(item, "result", &Json::is_string).as_string();
        if (!result.empty()
            && std::find(std::begin(kResults), std::end(kResults), result) == std::end(kResults)) {
            throw Refusal(RefusalKind::malformed, "items: result is fixed, mitigated or not_fixed");
        }
        if (const auto& at = item["completed_at"]; !at.is_null() && !point_in_time(at, {})) {
            throw Refusal(RefusalKind::malformed, "items: completed_at is not a time");
        }
        answered.push_back(id);
    }
    return items.is_null() ? Json::array() : items;
}

} // namespace fengsui::workflow
