#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_certificate_chain_incomplete(const model::Observation& seen, const base::Json&) {
    return judge_trust(seen, {model::Trust::incomplete});
}

} // namespace fengsui::check
