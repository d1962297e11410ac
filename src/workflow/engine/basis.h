// The legal bases that a notice cites, judged on a day.
#pragma once

#include "workflow/rulebook.h"

namespace fengsui::workflow {

struct JudgedBases {
    bool is_well_formed = false; ///< a list of {law version article}, not empty
    base::JsonArray suggest;     ///< for each that is known but not in force: the text that is
};

JudgedBases judge_bases(const Rulebook& rulebook, const base::Json& bases, base::Date on);

} // namespace fengsui::workflow
