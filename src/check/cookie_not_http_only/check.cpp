#include "model/check.h"

#include "check/common/header_cookies.h"

#include <algorithm>

namespace fengsui::check {

model::Verdict cookie_not_http_only(const model::Observation& seen, const base::Json&) {
    using model::Severity;
    auto cookies = cookies_of(seen);
    std::erase_if(cookies, [](const Cookie& cookie) {
        return cookie.is_http_only || is_csrf_token(cookie.name);
    });
    if (cookies.empty()) {
        return {};
    }
    const bool has_session = std::any_of(cookies.begin(), cookies.end(), [](const Cookie& cookie) {
        return is_session_like(cookie.name);
    });
    const auto severity = has_session ? Severity::medium : Severity::low;
    return {model::completed(), {{"", cookie_evidence(cookies), severity}}};
}

} // namespace fengsui::check
