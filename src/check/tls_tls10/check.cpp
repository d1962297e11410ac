#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_tls10(const model::Observation& seen, const base::Json&) {
    return judge_version(seen, &model::TlsEndpoint::tls10, "TLSv1.0");
}

} // namespace fengsui::check
