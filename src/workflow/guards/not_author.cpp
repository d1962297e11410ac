// not_author — four eyes: who wrote it, or changed it since, does not approve it.
#include "workflow/guards/guard.h"

#include <algorithm>

namespace fengsui::workflow {

bool is_met_not_author(const GuardCall& call) {
    const auto& authors = call.record["authors"].items();
    return call.record.created_by != call.op.actor.id
           && std::none_of(authors.begin(), authors.end(), [&](const Json& author) {
                  return author.as_string() == call.op.actor.id;
              });
}

} // namespace fengsui::workflow
