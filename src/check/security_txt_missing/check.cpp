#include "model/check.h"

#include "check/common/web_security_txt.h"

namespace fengsui::check {

model::Verdict security_txt_missing(const model::Observation& seen, const base::Json&) {
    const auto file = read_security_txt(seen);
    if (!file.outcome.is_completed()) {
        return {file.outcome, {}};
    }
    if (file.is_there) {
        return {};
    }
    const auto evidence = base::Json::object({
        {"url", file.answer->url.str()},
        {"status", file.answer->status},
        {"code", file.answer->status == 200 ? "not_a_security_txt" : "no_security_txt_404"},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
