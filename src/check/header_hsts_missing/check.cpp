#include "model/check.h"

#include "base/text.h"
#include "check/common/header_hsts.h"

namespace fengsui::check {

model::Verdict header_hsts_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::Reason;
    using model::skipped;
    const auto facts = hsts_facts(seen);
    if (!facts) {
        return {skipped(Reason::not_applicable), {}};
    }
    if (facts->max_age.value_or(0) > 0) { // max-age=0 tells browsers to forget (RFC 6797 section 6.1.1)
        return {};
    }
    base::Json evidence = base::Json::object({{"url", facts->page->url.str()}});
    if (facts->header == nullptr) {
        evidence.set("reason", "no header");
    } else {
        evidence.set("reason", facts->max_age ? "max-age is 0" : "not a valid policy");
        evidence.set("header", base::shorten(base::scrub_utf8(*facts->header), 200));
    }
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
