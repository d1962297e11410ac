#include "base/hash.h"
#include "base/text.h"
#include "range/pages/page.h"
#include "range/pages/persona.h"

#include <array>

namespace fengsui::range {

namespace {

std::string content_policy(const Site& site) {
    std::string policy = "default-src 'self'; object-src 'none'; base-uri 'self'";
    if (site.has(Fault::header_csp_unsafe)) {
        static constexpr std::array<const char*, 3> kOpen = {
            "; script-src 'self' 'unsafe-inline'",
            "; script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "; script-src *"};
        policy += kOpen[site.seed % kOpen.size()];
    }
    if (!site.has(Fault::header_frame_options_missing)) {
        policy += "; frame-ancestors 'self'";
    }
    if (site.upgrades_insecure) {
        policy += "; upgrade-insecure-requests";
    }
    return policy;
}

std::string cookie_of(const Site& site, std::string_view name, bool is_secure) {
    auto cookie = std::string(name) + "="
                  + base::hex(base::sha256(site.host + std::string(name)).substr(0, 12)) + "; Path=/";
    if (is_secure && !site.has(Fault::cookie_not_secure)) {
        cookie += "; Secure";
    }
    if (!site.has(Fault::cookie_not_http_only)) {
        cookie += "; HttpOnly";
    }
    if (!site.has(Fault::cookie_same_site_missing)) {
        cookie += "; SameSite=Lax";
    }
    return cookie;
}

} // namespace

Page mta_sts_page(const Site& site, std::string_view path) {
    Page page;
    page.type = "text/plain";
    const bool is_wrong = site.has(Fault::mail_mta_sts_invalid);
    const auto kind = site.seed % 4; // 0: the record is wrong, not the policy
    if (path != "/.well-known/mta-sts.txt" || (is_wrong && kind == 1)) {
        page.status = 404;
        page.body = "Not Found\n";
        return page;
    }
    const std::string mode = is_wrong && kind == 2 ? "enforced" : "enforce";
    const std::string exchanger = is_wrong && kind == 3 ? "mx." + site.zone : site.mail_host();
    page.body = "version: STSv1\r\nmode: " + mode + "\r\nmx: " + exchanger + "\r\nmax_age: 604800\r\n";
    return page;
}

void add_policy_headers(const Site& site, bool is_secure, Page& page) {
    const auto add = [&](const char* name, std::string value) {
        page.headers.push_back({name, std::move(value)});
    };
    if (is_secure && !site.has(Fault::header_hsts_missing)) {
        const bool is_short = site.has(Fault::header_hsts_short);
        const auto age = is_short ? (site.seed % 2 == 0 ? "86400" : "15768000") : "31536000";
        add("Strict-Transport-Security",
            std::string("max-age=") + age + (site.seed % 3 == 0 ? "; includeSubDomains" : ""));
    }
    if (!site.has(Fault::header_csp_missing)) {
        add("Content-Security-Policy", content_policy(site));
    }
    if (!site.has(Fault::header_frame_options_missing)) {
        add("X-Frame-Options", "SAMEORIGIN");
    }
    if (!site.has(Fault::header_content_type_options_missing)) {
        add("X-Content-Type-Options", "nosniff");
    }
    const bool is_open = site.has(Fault::header_referrer_policy_unsafe);
    add("Referrer-Policy",
        is_open ? (site.seed % 2 == 0 ? "unsafe-url" : "no-referrer-when-downgrade")
                : "strict-origin-when-cross-origin");
}

void add_cookies(const Site& site, bool is_secure, Page& page) {
    const bool is_marked = site.has(Fault::cookie_not_secure) || site.has(Fault::cookie_not_http_only)
                           || site.has(Fault::cookie_same_site_missing);
    if (is_marked || site.seed % 3 == 0) {
        page.headers.push_back({"Set-Cookie", cookie_of(site, facts_of(site.persona).cookie, is_secure)});
    }
}

} // namespace fengsui::range
