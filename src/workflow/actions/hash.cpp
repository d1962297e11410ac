// hash — the digest of what was written, so that nobody can say it read otherwise. A rendered document has
// its own.
#include "base/hash.h"

#include "workflow/actions/action.h"

namespace fengsui::workflow {

void act_hash(ActionCall& call) {
    if (call.record["body_sha256"].is_null() || call.record.collection != "notices") {
        call.record.body.set("body_sha256", base::sha256_hex(base::to_text(call.record.body)));
    }
}

} // namespace fengsui::workflow
