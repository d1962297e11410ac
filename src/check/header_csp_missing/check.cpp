#include "model/check.h"

#include "check/common/header_csp.h"
#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict header_csp_missing(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    if (const auto why = why_not_judged(page, PageKind::html)) {
        return {*why, {}};
    }
    const auto html = model::read_html(page.text());
    if (!csp_policies(page, &html).empty()) {
        return {};
    }
    const bool is_report_only = page.header("Content-Security-Policy-Report-Only") != nullptr;
    const auto evidence = base::Json::object({{"url", page.url.str()}, {"report_only", is_report_only}});
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
