// Holds a template file against what documents may say, when it is loaded: a misspelt field is found by the
// person who edits the file, not by the unit that gets the notice.
#pragma once

#include "base/json.h"
#include "workflow/document/template_text.h"
#include "workflow/fault.h"

#include <string>

namespace fengsui::workflow {

/// `path` and the line name the place of each fault; nothing is added for a good file.
void check_template(
    const base::Json& file,
    const std::string& path,
    const base::Json& fields,
    const base::Json& common,
    Faults& faults
);

/// notices/common.<language>.yaml itself: its parts, labels and date patterns.
void check_common(
    const base::Json& common, const std::string& path, const base::Json& fields, Faults& faults
);

/// The parts of a document a template may set, e.g. `title`.
bool is_part(std::string_view name);

} // namespace fengsui::workflow
