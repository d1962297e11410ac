#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_cipher_rc4(const model::Observation& seen, const base::Json&) {
    return judge_suite_class(seen, "rc4");
}

} // namespace fengsui::check
