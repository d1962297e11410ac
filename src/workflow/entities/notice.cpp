// A notice: what a unit is told formally, with its legal basis and its items.
#include "workflow/engine/basis.h"
#include "workflow/entities/entity.h"

namespace fengsui::workflow {

namespace {

std::vector<std::string> findings_of(const Record& record_of_case) {
    std::vector<std::string> ids;
    for (const auto& id : record_of_case["findings"].items()) {
        ids.push_back(id.as_string());
    }
    return ids;
}

std::string notice_type(const Json& body) {
    const auto type = required_text(body, "type");
    if (type != "rectify" && type != "risk_tip") {
        throw Refusal(RefusalKind::malformed, "type: rectify or risk_tip");
    }
    return type;
}

model::UnitId recipient_of(Operation& op, const Json& body) {
    const model::UnitId recipient(required_text(body, "recipient"));
    if (!op.actor.can_see(recipient) || !op.tree.find(recipient)) {
        refuse_reference("recipient");
    }
    return recipient;
}

} // namespace

Record create_notice(Operation& op, const Json& body) {
    const auto type = notice_type(body);
    std::optional<Record> record_of_case;
    if (const auto& id = member(body, "case", &Json::is_string); !id.is_null()) {
        record_of_case = op.find("cases", id.as_string());
        if (!record_of_case || !op.actor.can_see(record_of_case->unit)) {
            refuse_reference("case");
        }
    }
    const auto& items = member(body, "items", &Json::is_array);
    const auto& copies = member(body, "cc", &Json::is_array);
    auto notice = op.begin("notices", "n", recipient_of(op, body));
    require_copies(op, notice.unit, copies);
    require_bases(body["basis"]);
    notice.drill = record_of_case && record_of_case->drill;
    notice.body = Json::object({
        {"type", type},
        {"case", record_of_case ? Json(record_of_case->id) : Json()},
        {"incident", member(body, "incident", &Json::is_string)},
        {"recipient", notice.unit.str()},
        {"cc", copies.is_null() ? Json::array() : copies},
        {"title", body["title"]},
        {"basis", member(body, "basis", &Json::is_array).is_null() ? Json::array() : body["basis"]},
        {"items",
         items.is_null() ? items_of_findings(
             op, record_of_case ? findings_of(*record_of_case) : std::vector<std::string>()
         )
                         : notice_items(op, items)},
        {"internal_notes", member(body, "internal_notes", &Json::is_string)},
        {"due", nullptr},
        {"doc_no", nullptr},
        {"document", nullptr},
        {"body_sha256", nullptr},
        {"issued_at", nullptr},
        {"extensions", 0},
        {"authors", Json::array({op.actor.id})},
    });
    op.insert(notice);
    if (record_of_case) {
        Json notices = (*record_of_case)["notices"];
        record_of_case->body.set("notices", notices.push(notice.id));
        op.save(*record_of_case, "notice_drafted", record_of_case->state, "");
    }
    return notice;
}

} // namespace fengsui::workflow
