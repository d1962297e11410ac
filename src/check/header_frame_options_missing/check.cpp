#include "model/check.h"

#include "base/text.h"
#include "check/common/header_csp.h"
#include "check/common/web_chain.h"

#include <algorithm>
#include <set>

namespace fengsui::check {

namespace {

bool is_limited_by_csp(const std::vector<CspPolicy>& policies) {
    return std::any_of(policies.begin(), policies.end(), [](const CspPolicy& policy) {
        const auto* ancestors = policy.find("frame-ancestors");
        return ancestors != nullptr
               && std::none_of(ancestors->begin(), ancestors->end(), [](const std::string& source) {
                      return source == "*" || source == "http:" || source == "https:";
                  });
    });
}

bool has_frame_ancestors(const std::vector<CspPolicy>& policies) {
    return std::any_of(policies.begin(), policies.end(), [](const CspPolicy& policy) {
        return policy.find("frame-ancestors") != nullptr;
    });
}

/// HTML standard 7.4.6: all values of all headers are one set; conflicting known values forbid framing.
bool is_limited_by_frame_options(const model::HttpExchange& page) {
    std::set<std::string> values;
    for (const auto header : all_headers(page.headers, "X-Frame-Options")) {
        for (const auto value : base::split(header, ',')) {
            values.insert(base::to_lower(base::trim(value)));
        }
    }
    const bool has_known = values.contains("deny") || values.contains("sameorigin");
    return has_known || (values.size() > 1 && values.contains("allowall"));
}

} // namespace

model::Verdict header_frame_options_missing(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    if (const auto why = why_not_judged(page, PageKind::html)) {
        return {*why, {}};
    }
    const auto policies = csp_policies(page, nullptr); // a meta element cannot limit framing
    // Where frame-ancestors is given, browsers ignore X-Frame-Options (CSP3 6.4.2.2).
    const bool is_limited =
        has_frame_ancestors(policies) ? is_limited_by_csp(policies) : is_limited_by_frame_options(page);
    if (is_limited) {
        return {};
    }
    base::Json evidence = base::Json::object({{"url", page.url.str()}});
    if (const auto* header = page.header("X-Frame-Options")) {
        evidence.set("x_frame_options", base::shorten(base::scrub_utf8(*header), 200));
    }
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
