#include "model/check.h"

#include "check/common/web_security_txt.h"

namespace fengsui::check {

model::Verdict security_txt_invalid(const model::Observation& seen, const base::Json&) {
    const auto file = read_security_txt(seen);
    if (!file.outcome.is_completed()) {
        return {file.outcome, {}};
    }
    if (!file.is_there) {
        return {};
    }
    const auto faults = security_txt_faults(file);
    if (faults.empty()) {
        return {};
    }
    base::Json evidence = base::Json::object({{"url", file.answer->url.str()}});
    evidence.set("codes", base::JsonArray(faults.begin(), faults.end()));
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
