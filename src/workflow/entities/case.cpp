// A case: confirmed findings of one unit, followed to their end.
#include "workflow/entities/entity.h"

#include <algorithm>

namespace fengsui::workflow {

namespace {

std::vector<std::string> finding_ids(const Json& body) {
    std::vector<std::string> ids;
    if (const auto& one = member(body, "finding", &Json::is_string); !one.is_null()) {
        ids.push_back(one.as_string());
    }
    for (const auto& id : member(body, "findings", &Json::is_array).items()) {
        if (!id.is_string()) {
            throw Refusal(RefusalKind::malformed, "findings: a list of ids");
        }
        if (std::find(ids.begin(), ids.end(), id.as_string()) == ids.end()) {
            ids.push_back(id.as_string());
        }
    }
    if (ids.empty()) {
        throw Refusal::missing({"findings"}, "findings: name at least one");
    }
    return ids;
}

std::vector<Record> load_findings(Operation& op, const std::vector<std::string>& ids) {
    std::vector<Record> findings;
    for (const auto& id : ids) {
        auto finding = op.find("findings", id);
        if (!finding || !op.actor.can_see(finding->unit)) {
            refuse_reference("findings");
        }
        if (!findings.empty() && finding->unit != findings.front().unit) {
            throw Refusal::missing({"findings"}, "findings: all of one unit; make a case for each unit");
        }
        findings.push_back(std::move(*finding));
    }
    return findings;
}

/// The closed case that one of the findings came from.
Json previous_of(Operation& op, const std::vector<Record>& findings) {
    for (const auto& finding : findings) {
        const auto before = op.find("cases", finding["case"].as_string());
        if (before && (before->state == "closed" || before->state == "archived")) {
            return before->id;
        }
    }
    return {};
}

} // namespace

Record create_case(Operation& op, const Json& body) {
    const auto ids = finding_ids(body);
    const auto findings = load_findings(op, ids);
    auto record = op.begin("cases", "c", findings.front().unit);
    record.drill = findings.front().drill;
    record.body = Json::object({
        {"findings", base::JsonArray(ids.begin(), ids.end())},
        {"previous", previous_of(op, findings)},
        {"notices", Json::array()},
        {"title", member(body, "title", &Json::is_string)},
        {"incident", nullptr},
    });
    op.insert(record);
    for (auto finding : findings) {
        finding.body.set("case", record.id);
        if (finding.state != "confirmed") {
            throw Refusal(
                RefusalKind::wrong_state,
                "finding " + finding.id + " is " + finding.state + "; only confirmed ones go into a case"
            );
        }
        op.records.update_finding(finding, std::nullopt, false);
        follow(op, "findings", finding.id, "attach");
    }
    return record;
}

} // namespace fengsui::workflow
