// Obligations: every deadline is one (cases.md 5.2). Overdue is computed, never stored; reminders and the
// steps of the ladder are timers that go when the obligation ends.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

/// Opens what the rules answering to `name` say of this event of the record; none of law in a drill.
void open_obligations(Operation& op, const Record& subject, std::string_view name, std::string_view event);
/// Those of the record whose rule answers to `name`: met, at their submission where there was one.
void close_obligations(Operation& op, const Record& subject, std::string_view name);
/// A new due time, with who and why in their history; timers are set anew.
void move_obligations(
    Operation& op, const Record& subject, std::string_view name, base::Instant due, const std::string& why
);
/// All that are pending, whatever their rule.
void cancel_obligations(Operation& op, const Record& subject, const std::string& why);
/// The debtor has handed in what is to be judged now; until then nobody is urged. Nothing: it was returned.
void note_submission(Operation& op, const Record& subject, std::optional<base::Instant> submitted);

/// The due time that open_obligations would set under the rules answering to `name`, the latest of them.
std::optional<base::Instant> due_to_be(Operation& op, const Record& subject, std::string_view name);

/// A timer of kind obligation.… fires: a reminder, or a step of the ladder.
void fire_obligation(Operation& op, const store::Timer& timer);

/// overdue, days_late and minutes_late as they are at `now`.
void add_lateness(store::Database& database, const Record& obligation, base::Instant now, Json& view);
/// Strictly after due, nothing handed in by then.
bool is_overdue(const Record& obligation, base::Instant now);

} // namespace fengsui::workflow
