// A notice: its case moves with it, its deadlines and its scorecard begin and end with it.
#include "workflow/engine/obligation_facts.h"
#include "workflow/engine/obligations.h"
#include "workflow/links/links.h"

namespace fengsui::workflow {

namespace {

void begin_score(Operation& op, const Record& notice) {
    if (notice.drill) {
        return; // drills are counted nowhere but as drills
    }
    store::NoticeScore score;
    score.notice = notice.id;
    score.unit = notice.unit;
    score.severity = max_severity(op, notice);
    score.issued_at = op.now;
    for (const auto& obligation : op.records.find_all("obligations", "subject", notice.id)) {
        const auto& rule = obligation["rule"].as_string();
        (matches_prefix("notice.ack", rule) ? score.ack_due : score.fix_due) = obligation.due;
    }
    op.scores.put(score);
}

void after_issue(Operation& op, const Record& notice) {
    const auto record_of_case = op.find("cases", notice["case"].as_string());
    if (record_of_case
        && (record_of_case->state == "transferred" || record_of_case->state == "closed"
            || record_of_case->state == "archived")) {
        throw Refusal(RefusalKind::wrong_state, "its case is " + record_of_case->state);
    }
    begin_score(op, notice);
    const auto& case_id = notice["case"].as_string();
    follow(op, "cases", case_id, "verify"); // an officer confirmed every finding of it
    follow(op, "cases", case_id, "issued");
}

void after_receive(Operation& op, const Record& notice) {
    const auto authority = op.tree.authority_of(notice.unit);
    op.tell(notice, {"receipt", authority ? authority->id.str() : "", "officer", {}, {}, {}});
    follow(op, "cases", notice["case"].as_string(), "received");
}

void after_return(Operation& op, const Record& notice, const Json& input) {
    note_submission(op, notice, std::nullopt);
    for (const auto& response : op.records.find_all("responses", "notice", notice.id)) {
        follow(op, "responses", response.id, "return", input);
    }
    follow(op, "cases", notice["case"].as_string(), "return", input);
}

} // namespace

void link_notice(Operation& op, const Record& notice, std::string_view event, const Json& input) {
    if (event == "issue") {
        after_issue(op, notice);
    } else if (event == "receive") {
        after_receive(op, notice);
    } else if (event == "reply") {
        note_submission(op, notice, op.now);
        follow(op, "cases", notice["case"].as_string(), "reply", input);
    } else if (event == "return") {
        after_return(op, notice, input);
    } else if (event == "withdraw") {
        cancel_obligations(op, notice, input["reason"].as_string());
        op.scores.remove(notice.id);
    }
}

} // namespace fengsui::workflow
