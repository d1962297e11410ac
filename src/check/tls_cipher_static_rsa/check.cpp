#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_cipher_static_rsa(const model::Observation& seen, const base::Json&) {
    return judge_suite_class(seen, "static_rsa");
}

} // namespace fengsui::check
