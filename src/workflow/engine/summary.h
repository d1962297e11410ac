// The summary of a period: what was issued, closed, late, and where; rates units, never persons.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

/// Fields of the document kind `summary` (content/notices/fields.yaml) for notices issued in [from, until).
Json summary_fields(Operation& op, const model::UnitId& unit, base::Instant from, base::Instant until);

} // namespace fengsui::workflow
