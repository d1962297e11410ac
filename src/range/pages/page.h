// What a made-up site answers to one request: a pure function of the site.
#pragma once

#include "base/time.h"
#include "model/http.h"
#include "range/world/site.h"

#include <string>
#include <string_view>

namespace fengsui::range {

struct PageRequest {
    std::string method = "GET";
    std::string path = "/"; ///< without query, as sent
    bool is_secure = false;
    bool accepts_gzip = false;
    bool is_crawler = false; ///< its User-Agent says spider
};

/// UTF-8 until it is put on the wire; `model::HttpHeaders` in the order in which they are sent.
struct Page {
    int status = 200;
    std::string type = "text/html";
    std::string body;
    model::HttpHeaders headers; ///< beside those of the persona
    [[nodiscard]] bool is_text() const { return type == "text/html" || type == "text/plain"; }
};

/// Hostile kinds are not its concern: it answers as the site would if it behaved.
Page render_page(const Site& site, const PageRequest& request, base::Instant now);

/// What the host `mta-sts.ZONE` serves: the policy, and nothing else (RFC 8461 section 3.3).
Page mta_sts_page(const Site& site, std::string_view path);

/// The policy headers and, on the home page, the cookies.
void add_policy_headers(const Site& site, bool is_secure, Page& page);
void add_cookies(const Site& site, bool is_secure, Page& page);

} // namespace fengsui::range
