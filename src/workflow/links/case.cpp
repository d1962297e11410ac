// A case: what is returned or passed by hand goes for its notices and replies, too.
#include "workflow/engine/obligations.h"
#include "workflow/engine/verification.h"
#include "workflow/links/links.h"

namespace fengsui::workflow {

namespace {

/// Time to look at a closed case again before it is put away.
constexpr auto kArchiveAfter = std::chrono::days(180);

/// Findings closed, the reply accepted, the notice done; what else is still owed is not owed any more.
void close_all(Operation& op, const Record& record_of_case) {
    for (const auto& id : record_of_case["findings"].items()) {
        follow(op, "findings", id.as_string(), "close");
    }
    for (const auto& notice : op.records.find_all("notices", "case", record_of_case.id)) {
        for (const auto& response : op.records.find_all("responses", "notice", notice.id)) {
            follow(op, "responses", response.id, "accept");
        }
        follow(op, "notices", notice.id, "finish");
        cancel_obligations(op, notice, "case closed");
    }
    op.timers.add({0, op.now + kArchiveAfter, "case.archive", "cases", record_of_case.id, {}});
}

void return_replies(Operation& op, const Record& record_of_case, const Json& input) {
    for (const auto& notice : notices_in(op, record_of_case.id, "replied")) {
        for (const auto& response : op.records.find_all("responses", "notice", notice.id)) {
            follow(op, "responses", response.id, "return", input);
        }
        follow(op, "notices", notice.id, "return", input);
    }
}

} // namespace

void link_case(Operation& op, const Record& record_of_case, std::string_view event, const Json& input) {
    if (event == "pass") {
        close_all(op, record_of_case);
    } else if (event == "manual_pass") {
        auto closed = *op.find("cases", record_of_case.id);
        closed.body.set("manual_pass", true);
        op.save(closed, "proven_by_hand", closed.state, input["reason"].as_string());
        close_all(op, closed);
    } else if (event == "return") {
        return_replies(op, record_of_case, input);
    } else if (event == "reopen") {
        op.timers.remove_all("cases", record_of_case.id);
    }
}

} // namespace fengsui::workflow
