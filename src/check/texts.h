// What the catalogue adds to a stored finding, which keeps only its check's id.
#pragma once

#include "base/json.h"

namespace fengsui::check {

/// Sets title, advice, verify and references by the member `check`; an unknown check's id is its title.
void add_texts(base::Json& finding);

} // namespace fengsui::check
