#include "model/check.h"

#include "base/text.h"
#include "check/common/header_hsts.h"

namespace fengsui::check {

model::Verdict header_hsts_short(const model::Observation& seen, const base::Json& parameters) {
    using model::completed;
    using model::Reason;
    using model::skipped;
    const auto facts = hsts_facts(seen);
    if (!facts) {
        return {skipped(Reason::not_applicable), {}};
    }
    const auto max_age = facts->max_age.value_or(0);
    const auto minimum = parameters["minimum_max_age"].as_int();
    if (max_age <= 0 || max_age >= minimum) { // header.hsts_missing tells of none
        return {};
    }
    const auto evidence = base::Json::object({
        {"url", facts->page->url.str()},
        {"header", base::shorten(base::scrub_utf8(*facts->header), 200)},
        {"max_age", max_age},
        {"minimum", minimum},
    });
    return {completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
