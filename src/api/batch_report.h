// What Internet.nl's batch API, version 2, tells of one domain, made from our checks:
// content/batch/internet_nl.yaml.
#pragma once

#include "base/json.h"
#include "model/standing.h"

#include <vector>

namespace fengsui::api {

/// `web` or `mail`: {categories, tests, done_by} of that kind, or null.
const base::Json& batch_kind(std::string_view kind);
std::string_view batch_api_version();

/// {status: "ok", scoring: {percentage}, results: {categories, tests}}: a test is passed, failed, warning,
/// info or not_tested; `percentage` is the mean of the categories' (ten points for each scored test that was
/// judged), null when nothing was judged.
base::Json batch_report(const base::Json& kind, const std::vector<model::CheckStanding>& standings);

} // namespace fengsui::api
