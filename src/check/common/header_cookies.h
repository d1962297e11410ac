// Cookies as answers set them (RFC 6265bis).
#pragma once

#include "model/observation.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::check {

struct Cookie {
    std::string name;
    std::string value;
    bool is_secure = false;
    bool is_http_only = false;
    std::string same_site; ///< lower case; empty when not given
    bool is_deleted = false;
    const model::HttpExchange* set_by = nullptr;
};

Cookie parse_set_cookie(std::string_view header, base::Instant judged_at);

/// Cookies that both chains and the document set, one of each name and host; those being deleted left out.
std::vector<Cookie> cookies_of(const model::Observation& seen);

/// A name that sounds like a session or a credential.
bool is_session_like(std::string_view name);
/// A token that the page's own scripts must read, such as XSRF-TOKEN.
bool is_csrf_token(std::string_view name);

/// Name, masked value and where it was set.
base::Json cookie_evidence(const std::vector<Cookie>& cookies);

} // namespace fengsui::check
