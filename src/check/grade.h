// The grade of one target from what its checks said: content/measures/site.yaml. Pure.
#pragma once

#include "base/json.h"
#include "model/standing.h"

namespace fengsui::check {

/// {profile, version, score, grade, seen, cap, areas[{area, title, score, points, of, lines[{check, title,
/// status, points, of, references, findings}]}]}: `score` 0 to 100 and `grade` A to E, both null when too
/// little was seen; `seen`: percent of the points that could be judged; `cap`: {severity, at_most} or null;
/// `status`: passed, failed, accepted (which costs its points all the same), unknown. Every point is a
/// line's.
base::Json grade_of(const std::vector<model::CheckStanding>& checks);

} // namespace fengsui::check
