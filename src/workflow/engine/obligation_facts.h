// What the conditions of obligation rules may ask of a record, and who the parties are that they name.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

/// e.g. {type, max_severity, known_exploited, unit: {tier, …}, notice: {issued_at}, grade, cii …}.
Json facts_of(Operation& op, const Record& record);
/// `notice.issued` for the event `issue` of a notice: what rules are opened `on`.
std::string fact_event(const Record& record, std::string_view event);
/// unit ids or office names for `recipient`, `unit`, `issuer`, `protection_dept`, `cac.province` …
std::string party(Operation& op, const Record& subject, std::string_view name);
/// The worst severity among items or findings; medium when none says.
std::string max_severity(Operation& op, const Record& record);

} // namespace fengsui::workflow
