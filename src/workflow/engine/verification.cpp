#include "workflow/engine/verification.h"

#include "workflow/guards/guard.h"
#include "workflow/links/links.h"

namespace fengsui::workflow {

namespace {

bool is_open(const Record& verification) {
    return verification.state == "planned" || verification.state == "running"
           || verification.state == "inconclusive";
}

/// The findings that a fix must have removed: accepted and dismissed ones are not asked for.
std::vector<Record> items_of(Operation& op, const Record& verification) {
    std::vector<Record> items;
    const auto record_of_case = op.find("cases", verification["case"].as_string());
    if (!record_of_case) {
        return items;
    }
    for (const auto& id : (*record_of_case)["findings"].items()) {
        auto finding = op.find("findings", id.as_string());
        if (finding && finding->state == "in_case" && (*finding)["case"].as_string() == record_of_case->id) {
            items.push_back(std::move(*finding));
        }
    }
    return items;
}

struct Judgement {
    Json items = Json::array();
    bool is_full = true;
    bool any_present = false;
    bool all_absent = true;
};

Judgement judge(const std::vector<Record>& findings, const Witness& witness) {
    Judgement judgement;
    for (const auto& finding : findings) {
        const auto seen = witness(finding);
        const bool is_absent = seen.is_covered && !seen.is_present;
        judgement.any_present = judgement.any_present || seen.is_present;
        judgement.all_absent = judgement.all_absent && is_absent;
        judgement.is_full = judgement.is_full && (seen.is_covered || seen.is_present);
        judgement.items.push(Json::object({
            {"finding", finding.id},
            {"asset", finding["asset"]},
            {"covered", seen.is_covered},
            {"presence",
             seen.is_present ? "present"
             : is_absent     ? "absent"
                             : "unknown"},
        }));
    }
    if (findings.empty()) {
        judgement.is_full = false;
        judgement.all_absent = false;
    }
    return judgement;
}

} // namespace

bool has_open_verification(Operation& op, std::string_view case_id) {
    const auto all = op.records.find_all("verifications", "case", case_id);
    return !all.empty() && is_open(all.back());
}

std::string plan_verification(Operation& op, const Record& record_of_case) {
    const auto all = op.records.find_all("verifications", "case", record_of_case.id);
    if (!all.empty() && is_open(all.back())) {
        return all.back().id;
    }
    auto verification = op.begin("verifications", "v", record_of_case.unit);
    verification.drill = record_of_case.drill;
    verification.body = Json::object({
        {"case", record_of_case.id},
        {"items", Json::array()},
        {"result", nullptr},
        {"tries", 0},
        {"run", nullptr},
        {"coverage", nullptr},
        {"presence", nullptr},
    });
    op.insert(verification);
    return verification.id;
}

void judge_verification(Operation& op, Record& verification, const std::string& run, const Witness& witness) {
    if (verification.state == "planned" && !follow(op, "verifications", verification.id, "run")) {
        throw Refusal(RefusalKind::wrong_state, "the re-check cannot begin");
    }
    verification = *op.find("verifications", verification.id);
    if (verification.state != "running") {
        throw Refusal(
            RefusalKind::wrong_state,
            "the re-check is " + verification.state + "; only a planned one takes a run"
        );
    }
    const auto judgement = judge(items_of(op, verification), witness);
    const std::string outcome = judgement.any_present                       ? "fail"
                                : judgement.all_absent && judgement.is_full ? "pass"
                                                                            : "blind";
    auto& body = verification.body;
    body.set("items", judgement.items);
    body.set("run", run);
    body.set("tries", body["tries"].as_int() + 1);
    body.set("coverage", judgement.is_full ? "full" : "partial");
    body.set("presence", judgement.any_present ? "present" : judgement.all_absent ? "absent" : "unknown");
    body.set("result", outcome == "pass" ? "passed" : outcome == "fail" ? "failed" : "inconclusive");
    op.save(verification, "judged", "running", "");
    const bool happened = follow(op, "verifications", verification.id, outcome);
    FENGSUI_CHECK(happened, "a judged re-check has a result");
    verification = *op.find("verifications", verification.id);
}

} // namespace fengsui::workflow
