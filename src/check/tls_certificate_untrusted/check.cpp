#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_certificate_untrusted(const model::Observation& seen, const base::Json&) {
    return judge_trust(seen, {model::Trust::untrusted, model::Trust::broken});
}

} // namespace fengsui::check
