#include "base/markup.h"
#include "range/pages/content.h"
#include "range/pages/exposed.h"
#include "range/pages/page.h"
#include "range/pages/persona.h"

#include <optional>

namespace fengsui::range {

namespace {

/// A host that no registry of ours lists.
constexpr const char* kElsewhere = "https://portal.shengji.test/";

Page redirect(int status, std::string location) {
    Page page;
    page.status = status;
    page.body = "<html><head><title>Moved</title></head><body><a href=\"" + base::escape_markup(location)
                + "\">Moved</a></body></html>\n";
    page.headers.push_back({"Location", std::move(location)});
    return page;
}

/// OPTIONS, as each server answers it; TRACE is only ever named.
Page options_page(const Site& site) {
    Page page;
    page.type = "text/plain";
    const bool has_trace = site.has(Fault::http_trace_enabled);
    const bool has_post = site.seed % 2 == 0;
    page.headers.push_back(
        {"Allow",
         std::string("GET, HEAD, OPTIONS") + (has_post ? ", POST" : "") + (has_trace ? ", TRACE" : "")}
    );
    return page;
}

Page method_page() {
    Page page;
    page.status = 405;
    page.type = "text/plain";
    page.headers.push_back({"Allow", "GET, HEAD, OPTIONS"});
    return page;
}

/// Between http and https.
std::optional<Page> cross_over(const Site& site, const PageRequest& request) {
    const bool is_downgraded = site.has(Fault::http_https_downgrade);
    if (request.is_secure && is_downgraded) {
        return redirect(302, site.origin(false) + request.path);
    }
    const bool stays = !site.listens_https() || is_downgraded || site.has(Fault::http_https_redirect_missing);
    if (!request.is_secure && !stays) {
        return redirect(site.seed % 2 == 0 ? 301 : 308, site.origin(true) + request.path);
    }
    return std::nullopt;
}

Page front_page(const Site& site, bool is_crawler) {
    if (site.has(Fault::http_default_page)) {
        return default_page(site);
    }
    return site.has(Fault::http_stack_trace) ? stack_trace_page(site) : home_page(site, is_crawler);
}

std::optional<Page> home(const Site& site, const PageRequest& request) {
    const auto inner = facts_of(site.persona).inner_home;
    if (request.path == "/" && site.leaves_scope) {
        return redirect(302, kElsewhere);
    }
    if (request.path == "/" && site.home_redirects) {
        return redirect(302, std::string(inner));
    }
    if (request.path == "/" || (site.home_redirects && request.path == inner)) {
        auto page = front_page(site, request.is_crawler);
        add_cookies(site, request.is_secure, page);
        return page;
    }
    return std::nullopt;
}

std::optional<Page> well_known(const Site& site, const PageRequest& request, base::Instant now) {
    const bool is_notice = site.has_security_txt || site.has(Fault::security_txt_expired)
                           || site.has(Fault::security_txt_invalid);
    if (request.path == "/.well-known/security.txt" && request.is_secure && is_notice) {
        return security_txt_page(site, now);
    }
    if (request.path == "/robots.txt" && (site.seed % 2 == 0 || site.answers_everything)) {
        return robots_page(site, request.is_secure);
    }
    if (request.path == "/sitemap.xml" && site.seed % 2 == 0) {
        return sitemap_page(site, request.is_secure);
    }
    return request.path == "/favicon.ico" ? std::optional(image_page()) : std::nullopt;
}

std::optional<Page> asset(const Site& site, std::string_view path) {
    const auto& facts = facts_of(site.persona);
    if (path == facts.style) {
        return style_page();
    }
    if (path == facts.script) {
        return script_page(site);
    }
    if (path == facts.image) {
        return image_page();
    }
    if (path == kDownloads && site.has(Fault::http_directory_listing)) {
        return listing_page(site, path);
    }
    const bool is_asset_folder =
        path.size() > 1 && path.ends_with('/')
        && (facts.style.starts_with(path) || facts.script.starts_with(path) || facts.image.starts_with(path));
    return is_asset_folder && !site.answers_everything ? std::optional(forbidden_page(site)) : std::nullopt;
}

std::optional<Page> article(const Site& site, std::string_view path) {
    const bool has_articles = !site.has(Fault::http_default_page) && !site.has(Fault::http_stack_trace);
    for (unsigned number = 0; has_articles && number < kArticles; ++number) {
        if (path == article_path(site, number)) {
            return article_page(site, number);
        }
    }
    return std::nullopt;
}

Page find_page(const Site& site, const PageRequest& request, base::Instant now) {
    if (request.method == "OPTIONS") {
        return options_page(site);
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return method_page();
    }
    if (auto page = cross_over(site, request)) {
        return *page;
    }
    if (auto page = home(site, request)) {
        return *page;
    }
    if (auto page = well_known(site, request, now)) {
        return *page;
    }
    if (auto page = asset(site, request.path)) {
        return *page;
    }
    if (auto page = exposed_page(site, request.path)) {
        return *page;
    }
    if (auto page = article(site, request.path)) {
        return *page;
    }
    return site.answers_everything ? catch_all_page(site, request.path) : not_found_page(site, request.path);
}

} // namespace

Page render_page(const Site& site, const PageRequest& request, base::Instant now) {
    auto page = find_page(site, request, now);
    add_policy_headers(site, request.is_secure, page);
    return page;
}

} // namespace fengsui::range
