#include "model/check.h"

#include "check/common/header_cookies.h"

#include <algorithm>

namespace fengsui::check {

namespace {

/// Any other word is as if there were none (RFC 6265bis 5.6.7); None needs Secure.
bool is_limited(const Cookie& cookie) {
    return cookie.same_site == "lax" || cookie.same_site == "strict"
           || (cookie.same_site == "none" && cookie.is_secure);
}

} // namespace

model::Verdict cookie_same_site_missing(const model::Observation& seen, const base::Json&) {
    auto cookies = cookies_of(seen);
    std::erase_if(cookies, is_limited);
    if (cookies.empty()) {
        return {};
    }
    return {model::completed(), {{"", cookie_evidence(cookies), {}}}};
}

} // namespace fengsui::check
