// Hits and states as lines (contracts.md section 3), pure functions.
#pragma once

#include "template/execution.h"
#include "template/loader.h"

namespace fengsui::templates {

/// `type: template`: nuclei's field names, plus `unit`.
base::Json template_line(const Hit& hit, std::string_view unit, base::Instant at);
/// The line that nuclei 3.10 prints with -jsonl, for its consumers.
base::Json nuclei_line(const Hit& hit, base::Instant at);
/// `type: template_status`, one per file.
base::Json template_status_line(const LoadResult& loaded, std::string_view path, const Judgement* judgement);

} // namespace fengsui::templates
