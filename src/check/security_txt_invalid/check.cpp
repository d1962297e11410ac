#include "model/check.h"

#include "check/common/web_chain.h"
#include "check/common/web_security_txt.h"

namespace fengsui::check {

model::Verdict security_txt_invalid(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::not_reached;
    using model::Reason;
    const auto file = read_security_txt(seen);
    if (file.answer == nullptr) {
        return {seen.web.security_txt.end, {}};
    }
    if (is_rate_limited(*file.answer)) {
        return {not_reached(Reason::rate_limited), {}};
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
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
