#include "model/check.h"

#include "check/common/web_security_txt.h"

namespace fengsui::check {

model::Verdict security_txt_expired(const model::Observation& seen, const base::Json&) {
    const auto file = read_security_txt(seen);
    if (!file.outcome.is_completed()) {
        return {file.outcome, {}};
    }
    if (!file.is_there || file.expires.size() != 1) { // none or two: security_txt.invalid
        return {};
    }
    const auto expires = base::parse_rfc3339(file.expires.front());
    if (!expires || *expires > seen.judged_at) {
        return {};
    }
    const auto evidence = base::Json::object({
        {"url", file.answer->url.str()},
        {"expires", base::format_rfc3339(*expires)},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
