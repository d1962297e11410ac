#include "check/common/header_cookies.h"

#include "base/text.h"
#include "check/common/web_chain.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::size_t kMaxListed = 20;

void read_attribute(std::string_view name, std::string_view value, base::Instant judged_at, Cookie& cookie) {
    if (base::iequals(name, "Secure")) {
        cookie.is_secure = true;
    } else if (base::iequals(name, "HttpOnly")) {
        cookie.is_http_only = true;
    } else if (base::iequals(name, "SameSite")) {
        cookie.same_site = base::to_lower(value);
    } else if (base::iequals(name, "Max-Age")) {
        cookie.is_deleted = value == "0" || value.starts_with('-');
    } else if (base::iequals(name, "Expires")) {
        const auto at = base::parse_http_date(value);
        // Old servers write the epoch with dashes, which is no HTTP date.
        cookie.is_deleted =
            cookie.is_deleted || (at ? *at < judged_at : value.find("1970") != std::string_view::npos);
    }
}

bool is_listed(const std::vector<Cookie>& cookies, const Cookie& cookie) {
    return std::any_of(cookies.begin(), cookies.end(), [&](const Cookie& other) {
        return other.name == cookie.name && other.set_by->url.origin() == cookie.set_by->url.origin();
    });
}

} // namespace

Cookie parse_set_cookie(std::string_view header, base::Instant judged_at) {
    Cookie cookie;
    const auto pieces = base::split(header, ';');
    const auto equals = pieces.front().find('=');
    const bool has_name = equals != std::string_view::npos;
    cookie.name = has_name ? base::trim(pieces.front().substr(0, equals)) : std::string_view();
    cookie.value = base::trim(has_name ? pieces.front().substr(equals + 1) : pieces.front());
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        const auto at = pieces[i].find('=');
        const auto value =
            at == std::string_view::npos ? std::string_view() : base::trim(pieces[i].substr(at + 1));
        read_attribute(base::trim(pieces[i].substr(0, at)), value, judged_at, cookie);
    }
    return cookie;
}

std::vector<Cookie> cookies_of(const model::Observation& seen) {
    std::vector<Cookie> cookies;
    for (const auto* answer : answered_hops(seen.web)) {
        for (const auto header : all_headers(answer->headers, "Set-Cookie")) {
            auto cookie = parse_set_cookie(header, seen.judged_at);
            cookie.set_by = answer;
            const bool is_empty = cookie.name.empty() && cookie.value.empty();
            if (!is_empty && !cookie.is_deleted && !is_listed(cookies, cookie)) {
                cookies.push_back(std::move(cookie));
            }
        }
    }
    return cookies;
}

bool is_session_like(std::string_view name) {
    constexpr std::string_view kParts[] = {"sess", "sid", "auth", "token", "jwt", "login"};
    return std::any_of(std::begin(kParts), std::end(kParts), [&](std::string_view part) {
        return base::icontains(name, part);
    });
}

bool is_csrf_token(std::string_view name) {
    return base::icontains(name, "csrf") || base::icontains(name, "xsrf");
}

base::Json cookie_evidence(const std::vector<Cookie>& cookies) {
    base::Json list = base::Json::array();
    for (std::size_t i = 0; i < std::min(cookies.size(), kMaxListed); ++i) {
        const auto& cookie = cookies[i];
        list.push(base::Json::object({
            {"name", base::shorten(base::scrub_utf8(cookie.name), 100)},
            {"value", base::mask_secret(cookie.value)},
            {"same_site", base::shorten(base::scrub_utf8(cookie.same_site), 40)},
            {"url", cookie.set_by->url.origin() + cookie.set_by->url.path},
        }));
    }
    return base::Json::object({{"cookies", list}});
}

} // namespace fengsui::check
