#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_cipher_cbc_sha1(const model::Observation& seen, const base::Json&) {
    return judge_suite_class(seen, "cbc_sha1");
}

} // namespace fengsui::check
