// all:x — something holds for every item of the record.
#include "workflow/guards/guard.h"

#include <algorithm>

namespace fengsui::workflow {

namespace {

constexpr std::string_view kResults[] = {"fixed", "mitigated", "not_fixed"};

bool is_answered(const Json& item, const Json& response) {
    const auto& answers = response.items();
    return std::any_of(answers.begin(), answers.end(), [&](const Json& answer) {
        const auto& result = answer["result"].as_string();
        return answer["finding"] == item["finding"]
               && std::find(std::begin(kResults), std::end(kResults), result) != std::end(kResults);
    });
}

/// Every item of the notice has an answer in the reply.
bool are_items_answered(GuardCall& call) {
    const bool is_reply = call.record.collection == "responses";
    const auto notice =
        is_reply ? call.op.find("notices", call.record["notice"].as_string()) : std::optional(call.record);
    if (!notice) {
        return false;
    }
    Json answers = is_reply ? call.record["items"] : Json();
    if (!is_reply) {
        const auto replies = call.op.records.find_all("responses", "notice", notice->id);
        const auto submitted = std::find_if(replies.rbegin(), replies.rend(), [](const Record& reply) {
            return reply.state == "submitted";
        });
        if (submitted == replies.rend()) {
            return false;
        }
        answers = (*submitted)["items"];
    }
    const auto& items = (*notice)["items"].items();
    return std::all_of(items.begin(), items.end(), [&](const Json& item) {
        return is_answered(item, answers);
    });
}

bool are_findings_dismissed(GuardCall& call) {
    const auto& findings = call.record["findings"].items();
    return std::all_of(findings.begin(), findings.end(), [&](const Json& id) {
        const auto finding = call.op.find("findings", id.as_string());
        return finding && finding->state == "dismissed";
    });
}

std::string case_of(const Record& record) {
    return record.collection == "cases" ? record.id : record["case"].as_string();
}

} // namespace

bool is_verified_fixed(Operation& op, std::string_view case_id) {
    const auto record = op.find("cases", case_id);
    if (record && (*record)["manual_pass"].as_bool()) {
        return true;
    }
    const auto checks = op.records.find_all("verifications", "case", case_id);
    return !checks.empty() && (checks.back().state == "passed" || checks.back().state == "waived");
}

bool is_met_all(GuardCall& call) {
    const auto& name = call.guard->name;
    if (name == "items_answered") {
        return are_items_answered(call);
    }
    if (name == "dismissed") {
        return are_findings_dismissed(call);
    }
    if (name == "absent") {
        const auto& items = call.record["items"].items();
        return !items.empty() && std::all_of(items.begin(), items.end(), [](const Json& item) {
            return item["presence"].as_string() == "absent";
        });
    }
    // verified_fixed: a notice without a case has nothing to re-check.
    const auto case_id = case_of(call.record);
    return case_id.empty() ? call.record.collection == "notices" : is_verified_fixed(call.op, case_id);
}

} // namespace fengsui::workflow
