#include "model/check.h"

#include "base/text.h"
#include "check/common/web_chain.h"

namespace fengsui::check {

model::Verdict header_content_type_options_missing(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    if (const auto why = why_not_judged(page, PageKind::any)) {
        return {*why, {}};
    }
    const auto* header = page.header("X-Content-Type-Options");
    // Only the first value of the list counts (Fetch standard 3.5).
    if (header != nullptr && base::iequals(base::trim(base::split(*header, ',').front()), "nosniff")) {
        return {};
    }
    base::Json evidence = base::Json::object({{"url", page.url.str()}});
    if (header != nullptr) {
        evidence.set("header", base::shorten(base::scrub_utf8(*header), 200));
    }
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
