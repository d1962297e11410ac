#include "model/check.h"

#include "base/text.h"
#include "check/common/web_chain.h"
#include "check/common/web_text.h"
#include "model/html.h"

namespace fengsui::check {

namespace {

/// Text and title must both be there, so that a page that quotes one of them is left alone.
struct StockPage {
    std::string_view software;
    std::string_view title; ///< how the title begins; empty: any
    std::string_view phrase;
    std::string_view other_phrase; ///< empty: none needed
};

constexpr StockPage kPages[] = {
    {"nginx", "Welcome to nginx", "nginx web server is successfully installed", ""},
    {"nginx", "Welcome to nginx", "nginx is successfully installed and working", ""},
    {"OpenResty", "Welcome to OpenResty", "OpenResty web platform is successfully installed", ""},
    {"Tengine", "Welcome to tengine", "tengine web server is successfully installed", ""},
    {"Apache (Debian)", "Apache2 Debian Default Page", "It works!", ""},
    {"Apache (Ubuntu)", "Apache2 Ubuntu Default Page", "It works!", ""},
    {"Apache (Red Hat)", "Apache HTTP Server Test Page", "used to test the proper operation", ""},
    {"Apache (Red Hat)", "Test Page for the Apache HTTP Server", "used to test the proper operation", ""},
    {"Apache (Red Hat)", "HTTP Server Test Page", "used to test the proper operation", ""},
    {"nginx (Red Hat)", "Test Page for the Nginx HTTP Server", "used to test the proper operation", ""},
    {"nginx (Red Hat)", "Test Page for the HTTP Server", "used to test the proper operation", ""},
    {"IIS", "IIS Windows", "iisstart.png", "go.microsoft.com/fwlink"},
    {"IIS", "IIS Windows", "iis-85.png", "go.microsoft.com/fwlink"},
    {"IIS", "Microsoft Internet Information Services 8", "iis-8.png", ""},
    {"IIS 7", "IIS7", "welcome.png", "go.microsoft.com/fwlink"},
    {"Apache Tomcat", "Apache Tomcat", "successfully installed Tomcat. Congratulations!", ""},
    {"Caddy", "Caddy works!", "Your web server is working", ""},
    {"lighttpd", "Welcome page", "placeholder page", "lighttpd"},
    {"OpenLiteSpeed", "Congratulations", "OpenLiteSpeed Web Server", ""},
    {"LiteSpeed", "Welcome to LiteSpeed", "LiteSpeed Web Server", ""},
    {"Eclipse Jetty", "Welcome to Jetty", "Eclipse Jetty", ""},
    {"XAMPP", "Welcome to XAMPP", "successfully installed XAMPP", ""},
    {"宝塔面板", "恭喜，站点创建成功", "本页面由系统自动生成", ""},
    {"宝塔面板", "没有找到站点", "没有找到站点", "您的请求在Web服务器中没有找到对应的站点"},
    {"phpStudy", "站点创建成功", "本页面由系统自动生成", ""},
    {"LNMP", "LNMP", "LNMP一键安装包", "安装成功"},
};

/// The page that Apache's own sources install is nothing but these words.
bool is_bare_it_works(std::string_view text) {
    return base::trim(visible_text(text)) == "It works!";
}

std::string_view stock_page_of(std::string_view title, std::string_view text) {
    for (const auto& page : kPages) {
        if (base::istarts_with(title, page.title) && has_all(text, {page.phrase, page.other_phrase})) {
            return page.software;
        }
    }
    return is_bare_it_works(text) ? "Apache" : "";
}

/// Line ends and repeated spaces as one space: pages wrap their sentences where they like.
std::string on_one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!is_space || out.empty() || out.back() != ' ') {
            out += is_space ? ' ' : c;
        }
    }
    return out;
}

} // namespace

model::Verdict http_default_page(const model::Observation& seen, const base::Json&) {
    const auto& page = *seen.web.document();
    if (const auto why = why_not_judged(page, PageKind::html)) {
        return {*why, {}};
    }
    const auto text = page.text().substr(0, 65536);
    const auto title = model::read_html(text).title;
    const auto software = stock_page_of(title, on_one_line(text));
    if (software.empty()) {
        return {};
    }
    const auto evidence = base::Json::object({
        {"url", page.url.str()},
        {"status", page.status},
        {"software", software},
        {"title", base::shorten(base::scrub_utf8(title), 100)},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
