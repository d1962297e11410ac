// Making and changing records, one file for each collection: what a body must hold, what the rest is set to.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

Record create_case(Operation& op, const Json& body);
Record create_notice(Operation& op, const Json& body);
Record create_response(Operation& op, const Json& body);
Record create_verification(Operation& op, const Json& body);
Record create_calendar(Operation& op, const Json& body);
Record create_workflow(Operation& op, const Json& body);

/// Merge patch (RFC 7396) of what the record's state leaves open; saves it.
void patch_record(Operation& op, Record& record, const Json& changes);

/// 400 for a member of another kind; null when it is not there.
const Json& member(const Json& body, std::string_view name, bool (Json::*is_kind)() const);
/// The text, or 422 missing.
std::string required_text(const Json& body, std::string_view name);
/// Items of a notice from a body or from findings; refuses unknown ones as absent in a body: 422.
Json notice_items(Operation& op, const Json& items);
Json items_of_findings(Operation& op, const std::vector<std::string>& findings);
/// Who gets a copy: a unit in the actor's scope, or one above or answerable for the recipient.
void require_copies(Operation& op, const model::UnitId& recipient, const Json& copies);
/// A list of {law version article}.
void require_bases(const Json& bases);
/// Answers of a reply: each for an item of the notice, once.
Json response_items(const Record& notice, const Json& items);
/// An id in a body that is unknown or out of scope.
[[noreturn]] void refuse_reference(std::string_view name);

} // namespace fengsui::workflow
