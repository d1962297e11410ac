// What a transition of one record means for others: the loop of cases.md 1.4, one file for each workflow.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

/// Called after the record is saved, in the same transaction.
void run_links(Operation& op, const Record& record, std::string_view event, const Json& input);

void link_finding(Operation& op, const Record& finding, std::string_view event, const Json& input);
void link_case(Operation& op, const Record& record_of_case, std::string_view event, const Json& input);
void link_notice(Operation& op, const Record& notice, std::string_view event, const Json& input);
void link_response(Operation& op, const Record& response, std::string_view event, const Json& input);
void link_verification(Operation& op, const Record& verification, std::string_view event, const Json& input);

/// The case's notices in that state.
std::vector<Record> notices_in(Operation& op, std::string_view case_id, std::string_view state);

} // namespace fengsui::workflow
