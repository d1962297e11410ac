// Content Security Policy, as far as checks need it (CSP Level 3).
#pragma once

#include "model/html.h"
#include "model/http.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::check {

using CspSources = std::vector<std::string>; ///< lower case, but for what it is compared with

struct CspDirective {
    std::string name;
    CspSources sources;
};

struct CspPolicy {
    std::vector<CspDirective> directives; ///< the first of each name counts (CSP3 2.2.1)
    bool is_from_meta = false;

    [[nodiscard]] const CspSources* find(std::string_view name) const;
};

/// One serialised policy.
CspPolicy parse_csp(std::string_view text);

/// Every enforced policy of a page: all headers, their comma-separated lists, and meta elements.
/// `html` may be null. Report-only policies are none.
std::vector<CspPolicy> csp_policies(const model::HttpExchange& page, const model::HtmlFacts* html);

/// Why the policies together let foreign code in; empty when they do not. All apply at once, so a
/// reason stands only when each policy that speaks of it allows it.
std::vector<std::string> csp_weaknesses(const std::vector<CspPolicy>& policies);

} // namespace fengsui::check
