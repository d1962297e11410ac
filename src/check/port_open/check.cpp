#include "model/check.h"

#include "check/common/port_claims.h"

namespace fengsui::check {

model::Verdict port_open(const model::Observation& seen, const base::Json&) {
    return port_claims(seen, [](model::PortKind kind) { return kind == model::PortKind::other; });
}

} // namespace fengsui::check
