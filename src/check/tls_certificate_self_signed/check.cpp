#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_certificate_self_signed(const model::Observation& seen, const base::Json&) {
    return judge_trust(seen, {model::Trust::self_signed});
}

} // namespace fengsui::check
