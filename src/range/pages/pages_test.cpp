#include "base/text.h"
#include "model/html.h"
#include "range/pages/exposed.h"
#include "range/pages/persona.h"
#include "range/pages/wire.h"

#include <gtest/gtest.h>

#include <set>

namespace fengsui::range {
namespace {

constexpr base::Instant kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);

Site make_site(std::initializer_list<Fault> faults = {}) {
    Site site;
    site.seed = 10;
    site.district = "fengqiao.test";
    site.zone = "school3.edu.fengqiao.test";
    site.host = "www.school3.edu.fengqiao.test";
    site.unit_name = "枫桥区第3中学";
    site.title = site.unit_name + "门户网站";
    for (const auto fault : faults) {
        site.faults.add(fault);
    }
    return site;
}

Page get(
    const Site& site, const std::string& path, bool is_secure = true, const std::string& method = "GET"
) {
    PageRequest request;
    request.method = method;
    request.path = path;
    request.is_secure = is_secure;
    return render_page(site, request, kNow);
}

std::string header(const Page& page, std::string_view name) {
    const auto* value = model::find_header(page.headers, name);
    return value != nullptr ? *value : std::string();
}

TEST(RangePages, every_persona_serves_a_home_page_and_says_404) {
    for (std::size_t i = 0; i < kPersonaCount; ++i) {
        auto site = make_site();
        site.persona = static_cast<Persona>(i);
        const auto home = get(site, "/");
        EXPECT_EQ(home.status, 200);
        EXPECT_EQ(model::read_html(home.body).title, site.title);
        EXPECT_EQ(get(site, "/no/such/page").status, 404);
        EXPECT_EQ(get(site, std::string(facts_of(site.persona).style)).type, "text/css");
        EXPECT_EQ(get(site, article_path(site, 2)).status, 200);
    }
}

TEST(RangePages, a_sound_site_sends_every_policy) {
    const auto home = get(make_site(), "/");
    EXPECT_EQ(header(home, "Strict-Transport-Security"), "max-age=31536000");
    EXPECT_NE(header(home, "Content-Security-Policy").find("frame-ancestors 'self'"), std::string::npos);
    EXPECT_EQ(header(home, "Content-Security-Policy").find("unsafe"), std::string::npos);
    EXPECT_EQ(header(home, "X-Frame-Options"), "SAMEORIGIN");
    EXPECT_EQ(header(home, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(home, "Referrer-Policy"), "strict-origin-when-cross-origin");
    EXPECT_EQ(header(get(make_site(), "/", false), "Strict-Transport-Security"), "");
}

TEST(RangePages, header_faults) {
    EXPECT_EQ(header(get(make_site({Fault::header_hsts_missing}), "/"), "Strict-Transport-Security"), "");
    EXPECT_TRUE(header(get(make_site({Fault::header_hsts_short}), "/"), "Strict-Transport-Security")
                    .starts_with("max-age=86400"));
    EXPECT_EQ(header(get(make_site({Fault::header_csp_missing}), "/"), "Content-Security-Policy"), "");
    const auto unframed = get(make_site({Fault::header_frame_options_missing}), "/");
    EXPECT_EQ(header(unframed, "X-Frame-Options"), "");
    EXPECT_EQ(header(unframed, "Content-Security-Policy").find("frame-ancestors"), std::string::npos);
    EXPECT_EQ(
        header(get(make_site({Fault::header_referrer_policy_unsafe}), "/"), "Referrer-Policy"), "unsafe-url"
    );
}

TEST(RangePages, cookie_faults) {
    const auto all = header(get(make_site({Fault::cookie_not_secure}), "/"), "Set-Cookie");
    EXPECT_EQ(all.find("Secure"), std::string::npos);
    EXPECT_NE(all.find("HttpOnly; SameSite=Lax"), std::string::npos);
    EXPECT_EQ(
        header(get(make_site({Fault::cookie_not_http_only}), "/"), "Set-Cookie").find("HttpOnly"),
        std::string::npos
    );
    EXPECT_EQ(
        header(get(make_site({Fault::cookie_same_site_missing}), "/"), "Set-Cookie").find("SameSite"),
        std::string::npos
    );
}

TEST(RangePages, http_leads_to_https_unless_it_does_not) {
    const auto plain = get(make_site(), "/x", false);
    EXPECT_EQ(plain.status, 301);
    EXPECT_EQ(header(plain, "Location"), "https://www.school3.edu.fengqiao.test/x");
    EXPECT_EQ(get(make_site({Fault::http_https_redirect_missing}), "/", false).status, 200);
    EXPECT_EQ(get(make_site({Fault::http_https_missing}), "/", false).status, 200);
    const auto down = make_site({Fault::http_https_downgrade});
    EXPECT_EQ(header(get(down, "/"), "Location"), "http://www.school3.edu.fengqiao.test/");
    EXPECT_EQ(get(down, "/", false).status, 200);
}

TEST(RangePages, options_name_trace_only_where_it_is_on) {
    EXPECT_EQ(header(get(make_site(), "/", true, "OPTIONS"), "Allow").find("TRACE"), std::string::npos);
    EXPECT_NE(
        header(get(make_site({Fault::http_trace_enabled}), "/", true, "OPTIONS"), "Allow").find("TRACE"),
        std::string::npos
    );
    EXPECT_EQ(get(make_site(), "/", true, "POST").status, 405);
}

TEST(RangePages, open_directories_are_linked_and_listed) {
    const auto site = make_site({Fault::http_directory_listing});
    EXPECT_NE(get(site, "/").body.find("href=\"/files/\""), std::string::npos);
    EXPECT_NE(get(site, "/files/").body.find("<title>Index of /files"), std::string::npos);
    EXPECT_EQ(get(make_site(), "/files/").status, 404);
    EXPECT_EQ(get(make_site(), "/static/css/").status, 403);
}

TEST(RangePages, left_behind_files_are_there_only_where_they_were_left) {
    const std::pair<Fault, const char*> files[] = {
        {Fault::exposure_git_repository, "/.git/HEAD"},
        {Fault::exposure_svn_repository, "/.svn/wc.db"},
        {Fault::exposure_environment_file, "/.env"},
        {Fault::exposure_backup_file, "/backup.zip"},
        {Fault::exposure_sql_dump, "/backup.sql"},
        {Fault::exposure_phpinfo, "/phpinfo.php"},
        {Fault::exposure_server_status, "/server-status"},
        {Fault::exposure_password_file, "/.htpasswd"},
        {Fault::exposure_ds_store, "/.DS_Store"},
        {Fault::exposure_log_file, "/error.log"},
        {Fault::exposure_config_file, "/config.php.bak"},
        {Fault::exposure_source_map, "/app.js.map"},
        {Fault::exposure_private_key, "/server.key"},
        {Fault::exposure_api_documentation, "/swagger.json"},
        {Fault::exposure_admin_panel, "/admin/"},
    };
    for (const auto& [fault, path] : files) {
        EXPECT_EQ(get(make_site({fault}), path).status, 200) << path;
        EXPECT_EQ(get(make_site(), path).status, 404) << path;
    }
}

TEST(RangePages, security_txt_is_valid_expired_or_broken) {
    auto site = make_site();
    EXPECT_EQ(get(site, "/.well-known/security.txt").status, 404);
    site.has_security_txt = true;
    EXPECT_NE(get(site, "/.well-known/security.txt").body.find("Expires: 2027-"), std::string::npos);
    EXPECT_NE(
        get(make_site({Fault::security_txt_expired}), "/.well-known/security.txt")
            .body.find("Expires: 2026-"),
        std::string::npos
    );
    EXPECT_EQ(
        get(make_site({Fault::security_txt_invalid}), "/.well-known/security.txt").body.find("Expires:"),
        std::string::npos
    );
}

TEST(RangePages, soft_404_names_the_path_safely) {
    auto site = make_site();
    site.answers_everything = true;
    const auto page = get(site, "/<b>x");
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("/&lt;b&gt;x"), std::string::npos);
}

TEST(RangePages, no_answer_names_its_fault) {
    for (std::size_t i = 0; i < kFaultCount; ++i) {
        const auto fault = static_cast<Fault>(i);
        const auto site = make_site({fault});
        const auto id = check_id(fault);
        for (const auto* path : {"/", "/files/", "/x", "/.well-known/security.txt"}) {
            const auto page = get(site, path);
            const auto answer = encode_answer(site, ParsedRequest{}, page, kNow);
            EXPECT_EQ((answer.head + answer.body).find(id), std::string::npos) << id;
            EXPECT_FALSE(base::icontains(answer.head + answer.body, "fengsui")) << id;
        }
    }
}

TEST(RangeWire, reads_requests) {
    const auto request = parse_request("GET /a?b=c HTTP/1.1\r\nHost: WWW.X.test:8443\r\nConnection: "
                                       "close\r\nAccept-Encoding: gzip, br\r\n\r\n");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->page.path, "/a");
    EXPECT_EQ(request->host, "www.x.test");
    EXPECT_FALSE(request->keeps_alive);
    EXPECT_TRUE(request->page.accepts_gzip);
    EXPECT_FALSE(parse_request("hello\r\n\r\n"));
    EXPECT_FALSE(parse_request(""));
}

TEST(RangeWire, frames_in_three_ways) {
    auto site = make_site();
    ParsedRequest request;
    auto answer = encode_answer(site, request, get(site, "/"), kNow);
    EXPECT_NE(answer.head.find("Content-Length: " + std::to_string(answer.body.size())), std::string::npos);
    EXPECT_FALSE(answer.closes);
    site.framing = Framing::chunked;
    answer = encode_answer(site, request, get(site, "/"), kNow);
    EXPECT_NE(answer.head.find("chunked"), std::string::npos);
    EXPECT_TRUE(answer.body.ends_with("\r\n0\r\n\r\n"));
    site.framing = Framing::until_close;
    EXPECT_TRUE(encode_answer(site, request, get(site, "/"), kNow).closes);
    request.page.method = "HEAD";
    EXPECT_TRUE(encode_answer(site, request, get(site, "/"), kNow).body.empty());
}

TEST(RangeWire, gbk_pages_read_back) {
    auto site = make_site();
    site.is_gbk = true;
    const auto answer = encode_answer(site, ParsedRequest{}, get(site, "/"), kNow);
    EXPECT_NE(answer.head.find("charset=gbk"), std::string::npos);
    EXPECT_FALSE(base::is_valid_utf8(answer.body));
    EXPECT_NE(base::to_utf8(answer.body, "gbk").find(site.title), std::string::npos);
}

TEST(RangeWire, compresses_when_asked) {
    auto site = make_site();
    site.compresses = true;
    ParsedRequest request;
    request.page.accepts_gzip = true;
    const auto answer = encode_answer(site, request, get(site, "/"), kNow);
    EXPECT_NE(answer.head.find("Content-Encoding: gzip"), std::string::npos);
    EXPECT_EQ(answer.body.substr(0, 2), "\x1f\x8b");
    EXPECT_LT(gzip(std::string(10 << 20, 'a')).size(), 20000U);
}

} // namespace
} // namespace fengsui::range
