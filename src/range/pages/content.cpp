#include "range/pages/content.h"

#include "base/markup.h"
#include "range/pages/persona.h"
#include "range/world/names.h"

#include <fmt/format.h>

#include <array>

namespace fengsui::range {

namespace {

constexpr std::array<Word, 5> kMenu = {{
    {"首页", "Home"},
    {"机构概况", "About us"},
    {"新闻动态", "News"},
    {"办事指南", "Services"},
    {"联系我们", "Contact"},
}};

// Some of them sound like findings: they are articles about them.
constexpr std::array<Word, 12> kHeadlines = {{
    {"关于做好汛期安全工作的通知", "Notice on safety in the flood season"},
    {"本周停水公告", "Water supply interruptions this week"},
    {"2026年度部门预算公开", "Departmental budget 2026 published"},
    {"网上服务大厅升级公告", "Upgrade of the online service hall"},
    {"春季运动会圆满结束", "Spring sports day concluded"},
    {"志愿者招募启事", "Volunteers wanted"},
    {"如何看懂 Index of / 页面：网络安全科普", "What an \"Index of /\" page means: safety for everyone"},
    {"科普：什么是 phpinfo() 与 .git 目录", "For everyone: what phpinfo() and the .git directory are"},
    {"值班安排表", "Duty roster"},
    {"安全用电小常识", "Using electricity safely"},
    {"关于启用新版系统的说明", "On the new version of the system"},
    {"读书月活动剪影", "Pictures of the reading month"},
}};

constexpr std::array<Word, 4> kParagraphs = {{
    {"各有关单位：现将有关事项通知如下，请结合实际认真贯彻落实。",
     "To all units: please carry out the following with due regard to local conditions."},
    {"一、加强组织领导，明确责任分工，做到早部署、早检查、早落实。",
     "First, assign responsibilities and begin the work early."},
    {"二、完善应急预案，落实二十四小时值班制度，遇有情况及时报告。",
     "Second, keep plans up to date and report promptly."},
    {"三、做好宣传引导，及时回应群众关切，方便群众办事。",
     "Third, inform the public and make services easy to use."},
}};

// A quotation in running text, as articles on programming have it.
constexpr Word kQuotation = {
    "例如程序日志里常见的“at com.example.Main.run(Main.java:10)”就是一行堆栈信息，而标题为 Index of / "
    "的页面是目录列表。",
    "For instance “at com.example.Main.run(Main.java:10)” in a log is one line of a stack trace, and a page "
    "entitled Index of / lists a directory."};

std::string words(const Site& site, const Word& word) {
    return word.in(site.is_english ? "en" : "zh");
}

std::size_t headline_index(const Site& site, unsigned number) {
    return (site.seed + std::size_t{number} * 5) % kHeadlines.size();
}

std::string head(const Site& site, const std::string& title, bool declares_charset) {
    const auto& facts = facts_of(site.persona);
    std::string out =
        fmt::format("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n", site.is_english ? "en" : "zh-CN");
    if (declares_charset) {
        out += site.is_gbk ? "<meta charset=\"gbk\">\n" : "<meta charset=\"utf-8\">\n";
    }
    out += fmt::format(
        "<title>{}</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n",
        base::escape_markup(title)
    );
    if (!facts.generator.empty()) {
        out += fmt::format("<meta name=\"generator\" content=\"{}\">\n", facts.generator);
    }
    return out
           + fmt::format(
               "<link rel=\"stylesheet\" href=\"{}\">\n<script src=\"{}\" defer></script>\n",
               facts.style,
               facts.script
           );
}

std::string navigation(const Site& site) {
    std::string out = "<nav><ul>";
    for (std::size_t i = 0; i < kMenu.size(); ++i) {
        const auto path = i == 0 ? std::string("/") : article_path(site, static_cast<unsigned>(i));
        out += fmt::format("<li><a href=\"{}\">{}</a></li>", path, words(site, kMenu[i]));
    }
    if (site.has(Fault::http_directory_listing)) {
        out +=
            fmt::format("<li><a href=\"{}\">{}</a></li>", kDownloads, words(site, {"资料下载", "Downloads"}));
    }
    return out + "</ul></nav>\n";
}

std::string footer(const Site& site) {
    return fmt::format(
        "<footer><p>{0}</p><p>{1}</p><p><a "
        "href=\"http://beian.shengji.test/\">{2}</a></p></footer>\n</body>\n</html>\n",
        base::escape_markup(site.unit_name),
        words(site, {"版权所有 未经许可不得转载", "All rights reserved"}),
        words(site, {"备案号：示例00000000号", "Filing no. 00000000"})
    );
}

/// What a page over https fetches over http.
std::string plain_parts(const Site& site) {
    if (site.upgrades_insecure) {
        return fmt::format("<img src=\"http://{}{}\" alt=\"\">\n", site.host, facts_of(site.persona).image);
    }
    if (!site.has(Fault::http_mixed_content)) {
        return {};
    }
    return site.seed % 2 == 0
               ? fmt::format("<script src=\"http://{}/js/count.js\"></script>\n", site.host)
               : fmt::format("<img src=\"http://{}/images/logo_old.gif\" alt=\"\">\n", site.host);
}

/// Links to places that no other site knows. No words: what a page says is nobody's concern here.
std::string planted_links(const Site& site, unsigned count) {
    std::string out;
    for (unsigned i = 0; i < count; ++i) {
        out +=
            fmt::format("<a href=\"http://p{}-{}.stranger{}.test/\">{}</a>\n", i, site.seed % 97, i, i + 1);
    }
    return out;
}

/// What strangers have put there, or what is fetched from them.
std::string foreign_parts(const Site& site, bool is_crawler) {
    std::string out;
    if (site.has(Fault::script_integrity_missing)) {
        out += "<script src=\"https://static.shengji.test/lib/count.js\"></script>\n";
    }
    if (site.has(Fault::script_unregistered_domain)) {
        out += fmt::format(
            "<script src=\"https://js.range-lost-{}.com.cn/a.js\" "
            "integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/"
            "uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\"></script>\n",
            site.seed % 9973
        );
    }
    if (site.has(Fault::integrity_hidden_link)) {
        constexpr std::array<std::string_view, 3> kTricks = {
            "position:absolute;left:-9999px", "height:1px;overflow:hidden", "font-size:0"};
        out += fmt::format(
            "<div style=\"{}\">\n{}</div>\n", kTricks[site.seed % kTricks.size()], planted_links(site, 6)
        );
    }
    if (site.has(Fault::integrity_cloaked) && is_crawler) {
        out += "<ul>" + planted_links(site, 5) + "</ul>\n";
    }
    return out;
}

std::string news_list(const Site& site) {
    std::string out = "<ul class=\"news\">\n";
    for (unsigned number = 0; number < kArticles; ++number) {
        const auto& headline = kHeadlines[headline_index(site, number)];
        out += fmt::format(
            "<li><a href=\"{}\">{}</a> <span>2026-0{}-1{}</span></li>\n",
            article_path(site, number),
            words(site, headline),
            1 + number,
            number
        );
    }
    return out + "</ul>\n";
}

std::string login_form(const Site& site) {
    return fmt::format(
        "<form method=\"post\" action=\"/account/enter\"><label>{}<input "
        "name=\"user\"></label><label>{}<input type=\"password\" "
        "name=\"word\"></label><button>{}</button></form>\n",
        words(site, {"用户名", "User"}),
        words(site, {"密码", "Password"}),
        words(site, {"登录", "Sign in"})
    );
}

Page page_of(std::string type, std::string body) {
    Page page;
    page.type = std::move(type);
    page.body = std::move(body);
    return page;
}

} // namespace

Page home_page(const Site& site, bool is_crawler) {
    const auto& facts = facts_of(site.persona);
    auto body = head(site, site.title, true) + "</head>\n<body>\n";
    body += fmt::format("<header><h1>{}</h1></header>\n", base::escape_markup(site.title)) + navigation(site);
    body += fmt::format("<main>\n<img src=\"{}\" alt=\"{}\">\n", facts.image, base::escape_markup(site.title))
            + plain_parts(site) + foreign_parts(site, is_crawler);
    body += site.is_login_page ? login_form(site) : news_list(site);
    return page_of("text/html", body + "</main>\n" + footer(site));
}

Page article_page(const Site& site, unsigned number) {
    const auto title = words(site, kHeadlines[headline_index(site, number)]);
    auto body = head(site, title, true) + "</head>\n<body>\n" + navigation(site);
    body += fmt::format("<article><h1>{}</h1>\n", base::escape_markup(title));
    for (const auto& paragraph : kParagraphs) {
        body += "<p>" + words(site, paragraph) + "</p>\n";
    }
    body += "<p>" + base::escape_markup(words(site, kQuotation)) + "</p></article>\n";
    return page_of("text/html", body + footer(site));
}

Page catch_all_page(const Site& site, std::string_view path) {
    auto body = head(site, site.title, true) + "</head>\n<body>\n" + navigation(site);
    body += fmt::format(
        "<p>{} {}</p>\n",
        words(site, {"您访问的页面正在建设中：", "This page is being built:"}),
        base::escape_markup(path.substr(0, 300))
    );
    return page_of("text/html", body + footer(site));
}

Page robots_page(const Site& site, bool is_secure) {
    return page_of(
        "text/plain",
        fmt::format("User-agent: *\nDisallow: /search/\nSitemap: {}/sitemap.xml\n", site.origin(is_secure))
    );
}

Page sitemap_page(const Site& site, bool is_secure) {
    std::string body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset "
                       "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    body += fmt::format("<url><loc>{}/</loc></url>\n", site.origin(is_secure));
    for (unsigned number = 0; number < kArticles; ++number) {
        body +=
            fmt::format("<url><loc>{}{}</loc></url>\n", site.origin(is_secure), article_path(site, number));
    }
    return page_of("application/xml", body + "</urlset>\n");
}

/// RFC 9116, or a file that breaks one of its rules.
Page security_txt_page(const Site& site, base::Instant now) {
    using std::chrono::hours;
    const bool is_old = site.has(Fault::security_txt_expired);
    const auto expires = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(
        now + (is_old ? -1 : 1) * hours(24) * static_cast<int>(60 + site.seed % 100)
    ));
    const bool is_broken = site.has(Fault::security_txt_invalid);
    std::string body;
    if (!is_broken || site.seed % 2 == 0) {
        body += "Contact: mailto:safety@" + site.zone + "\n";
    }
    if (!is_broken || site.seed % 2 != 0) {
        body += "Expires: " + expires + "\n";
    }
    body += "Preferred-Languages: zh, en\nCanonical: " + site.origin(true) + "/.well-known/security.txt\n";
    return page_of("text/plain", body);
}

Page style_page() {
    return page_of(
        "text/css", "body{margin:0 auto;max-width:60em;font-family:sans-serif}nav li{display:inline}\n"
    );
}

Page script_page(const Site& site) {
    std::string body = "\"use strict\";(function(){var "
                       "n=document.querySelector(\"nav\");if(n){n.className=\"ready\"}})();\n";
    if (site.has(Fault::exposure_source_map)) {
        body += "//# sourceMappingURL=app.js.map\n";
    }
    return page_of("application/javascript", body);
}

/// One transparent pixel.
Page image_page() {
    static constexpr unsigned char kPixel[] = {
        0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21, 0xf9, 4,
        1,    0,    0,    0,    0,    0x2c, 0, 0, 0, 0, 1,    0, 1, 0, 0, 2, 2,    0x44, 1,    0,    0x3b};
    return page_of("image/gif", std::string(reinterpret_cast<const char*>(kPixel), sizeof kPixel));
}

} // namespace fengsui::range
