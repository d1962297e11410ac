#include "check/common/tls_hellos.h"

namespace fengsui::check {

model::Verdict tls_cipher_export(const model::Observation& seen, const base::Json&) {
    return judge_suite_class(seen, "export");
}

} // namespace fengsui::check
