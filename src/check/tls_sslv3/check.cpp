#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_sslv3(const model::Observation& seen, const base::Json&) {
    return judge_version(seen, &model::TlsEndpoint::sslv3, "SSL 3.0");
}

} // namespace fengsui::check
