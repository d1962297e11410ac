// How an execution lets its hits be asked again of another answer. Private to the module.
#pragma once

#include "template/builder.h"
#include "template/execution.h"

namespace fengsui::templates {

/// Everything that operators saw beside the answer, as it was then.
struct WitnessedState {
    std::shared_ptr<const Template> source; ///< shared with the set
    std::size_t index = 0;                  ///< in its set
    std::size_t hops = 1;
    Built built;
    Variables context;
    History history;
    Environment environment;
};

std::shared_ptr<const Witness> make_witness(WitnessedState state);

} // namespace fengsui::templates
