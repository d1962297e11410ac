#include "model/check.h"

#include "check/common/web_chain.h"
#include "check/common/web_security_txt.h"

namespace fengsui::check {

model::Verdict security_txt_expired(const model::Observation& seen, const base::Json&) {
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
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
