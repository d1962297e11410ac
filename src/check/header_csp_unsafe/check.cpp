#include "model/check.h"

#include "base/text.h"
#include "check/common/header_csp.h"
#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict header_csp_unsafe(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    if (const auto why = why_not_judged(page, PageKind::html)) {
        return {*why, {}};
    }
    const auto html = model::read_html(page.text());
    auto reasons = csp_weaknesses(csp_policies(page, &html));
    if (reasons.empty()) {
        return {};
    }
    base::Json evidence = base::Json::object({{"url", page.url.str()}});
    evidence.set("reasons", base::JsonArray(reasons.begin(), reasons.end()));
    if (const auto* header = page.header("Content-Security-Policy")) {
        evidence.set("policy", base::shorten(base::scrub_utf8(*header), 1000));
    }
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
