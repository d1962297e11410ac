// A re-check: passed or waived closes the loop, failed asks the unit again.
#include "workflow/links/links.h"

namespace fengsui::workflow {

namespace {

/// Scorecards count the first re-check with a result; a waiver is none.
void note_first_pass(Operation& op, const Record& verification, bool passed) {
    for (const auto& notice : notices_in(op, verification["case"].as_string(), "replied")) {
        auto score = op.scores.find(notice.id);
        if (score && !score->first_pass) {
            score->first_pass = passed;
            op.scores.put(*score);
        }
    }
}

void after_failure(Operation& op, const Record& verification) {
    const auto& case_id = verification["case"].as_string();
    note_first_pass(op, verification, false);
    follow(op, "cases", case_id, "fail");
    const auto why = Json::object({{"reason", "the re-check found it still present"}});
    for (const auto& notice : notices_in(op, case_id, "replied")) {
        follow(op, "notices", notice.id, "return", why);
    }
}

} // namespace

void link_verification(
    Operation& op, const Record& verification, std::string_view event, const Json& /*input*/
) {
    const auto& case_id = verification["case"].as_string();
    if (event == "run") {
        follow(op, "cases", case_id, "recheck");
    } else if (event == "pass") {
        note_first_pass(op, verification, true);
        follow(op, "cases", case_id, "pass");
    } else if (event == "waive") {
        follow(op, "cases", case_id, "recheck");
        follow(op, "cases", case_id, "pass");
    } else if (event == "fail") {
        after_failure(op, verification);
    }
}

} // namespace fengsui::workflow
