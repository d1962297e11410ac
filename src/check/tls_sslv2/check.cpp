#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_sslv2(const model::Observation& seen, const base::Json&) {
    return judge_version(seen, &model::TlsEndpoint::sslv2, "SSL 2.0");
}

} // namespace fengsui::check
