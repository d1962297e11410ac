#include "check/common/tls_endpoints.h"

namespace fengsui::check {

model::Verdict tls_tls11(const model::Observation& seen, const base::Json&) {
    return judge_version(seen, &model::TlsEndpoint::tls11, "TLSv1.1");
}

} // namespace fengsui::check
