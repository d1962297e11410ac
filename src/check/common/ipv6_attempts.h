// How attempts over IPv6 are read.
#pragma once

#include "model/observation.h"

namespace fengsui::check {

/// The other side's doing; anything else is ours.
bool is_ipv6_failure(const model::Outcome& outcome);
base::Json ipv6_attempt_evidence(const model::Ipv6Attempt& attempt);

/// Why attempts cannot be judged: none made, no IPv6 here, our own deadline, or silence that may be our own
/// line's (nothing has answered over IPv6 lately). Nothing: they can be.
std::optional<model::Outcome> why_ipv6_not_judged(const model::Ipv6Observation& ipv6);

} // namespace fengsui::check
