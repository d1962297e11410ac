// Times as people send them: an instant, a date, or a period from another time.
#pragma once

#include "workflow/calendar.h"

#include <optional>

namespace fengsui::workflow {

/// RFC 3339, or a date: the day's first instant in the calendar's zone.
std::optional<base::Instant> point_in_time(const base::Json& value, const Calendar& calendar);
/// A new due time: RFC 3339, or `PnWD` counted from `due`.
std::optional<base::Instant> moved_due(const base::Json& value, base::Instant due, const Calendar& calendar);

} // namespace fengsui::workflow
