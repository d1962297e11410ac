#include "template/bytes.h"
#include "template/compiled_set.h"
#include "template/json_query.h"
#include "template/literals.h"
#include "template/loader.h"
#include "template/result_line.h"
#include "template/signature.h"

#include <gtest/gtest.h>

#include <fstream>

namespace fengsui::templates {
namespace {

TEST(Facts, GbkBodiesBecomeUtf8) {
    HttpAnswer answer;
    answer.status = 200;
    answer.headers = {{"Content-Type", "text/html; charset=GB2312"}};
    answer.body = "\xB5\xC7\xC2\xBC"; // 登录
    EXPECT_EQ(ResponseFacts::of_http(answer, "", "http://h")->body(), "登录");
    answer.headers = {{"Content-Type", "text/html"}};
    answer.body = "<meta charset=gbk>\xB5\xC7";
    EXPECT_EQ(ResponseFacts::of_http(answer, "", "http://h")->body(), answer.body); // meta is ignored
}

TEST(Facts, OtherProtocolsNameTheirParts) {
    DnsAnswer dns;
    dns.raw = "raw text";
    dns.records["cname"] = {"a.example.org"};
    const auto of_dns = ResponseFacts::of_dns(dns, "example.org");
    EXPECT_EQ(of_dns->part(""), "raw text");
    EXPECT_EQ(of_dns->find("cname")->to_text(), "a.example.org");
    SslAnswer ssl;
    ssl.facts = base::Json::object({{"tls_version", "tls10"}, {"expired", false}, {"self_signed", true}});
    const auto of_ssl = ResponseFacts::of_ssl(ssl, "h:443");
    EXPECT_EQ(of_ssl->part(""), "{\"expired\":false,\"self_signed\":true,\"tls_version\":\"tls10\"}");
    EXPECT_FALSE(of_ssl->find("expired").has_value()); // absent when false
    EXPECT_TRUE(of_ssl->find("self_signed")->as_bool());
    TcpAnswer tcp;
    tcp.data = "last";
    tcp.raw = "first last";
    EXPECT_EQ(ResponseFacts::of_tcp(tcp, "h:1")->part(""), "last");
}

TEST(Literals, AreRequiredByEveryMatch) {
    const auto of = [](std::string_view pattern) {
        bool ignore_case = false;
        std::string all = ignore_case ? "i" : "";
        for (const auto& literal : required_regex_literals(pattern, ignore_case)) {
            all += literal + ";";
        }
        return (ignore_case ? "i:" : "") + all;
    };
    EXPECT_EQ(of("abc"), "abc;");
    EXPECT_EQ(of("abcd?"), "abc;");
    EXPECT_EQ(of("ab*cdef"), "cdef;");
    EXPECT_EQ(of("(foo|barr)x"), "foo;barr;");
    EXPECT_EQ(of("(foo|.*)x"), "");
    EXPECT_EQ(of("foo|bar"), "foo;bar;");
    EXPECT_EQ(of("(foo)?bar"), "bar;");
    EXPECT_EQ(of("(?i)Admin"), "i:admin;");
    EXPECT_EQ(of("\\d+version\\s"), "version;");
    EXPECT_EQ(of("[a-z]+"), "");
    EXPECT_EQ(of("x{2}yyy{0}zzz"), "zzz;");
    EXPECT_EQ(of("\\Qa.b\\E"), "a.b;");
    EXPECT_EQ(of("a\\.b\\/c"), "a.b/c;");
    EXPECT_EQ(of("title>([^<]+)</title"), "title>;"); // as telling as the other
}

TEST(Patterns, TakeBadBytesForRunes) {
    const auto pattern = Pattern::compile("a.b").or_throw();
    EXPECT_TRUE(pattern.matches("a\xFF"
                                "b"));
    EXPECT_EQ(
        pattern.find_all(
            "a\xFF"
            "b",
            0
        ),
        std::vector<std::string>{"a\xEF\xBF\xBD"
                                 "b"}
    );
    EXPECT_FALSE(Pattern::compile("(?=x)").has_value());
    EXPECT_FALSE(Pattern::compile("a{2000}").has_value());
    EXPECT_TRUE(Pattern::compile("(?<name>a)").has_value());
}

TEST(Signature, TellsAbsentFromUnknownAndBroken) {
    EXPECT_EQ(verify_signature("id: a\n"), SignatureStatus::absent);
    EXPECT_EQ(verify_signature("id: a\n# digest: 00:ffff\n"), SignatureStatus::unverified);
    EXPECT_EQ(
        verify_signature("id: a\n# digest: 00:922c64590222798bb761d5b6d8e72950\n"), SignatureStatus::invalid
    );
}

LoadResult load(std::string_view body) {
    LoadOptions options;
    options.path = "http/t.yaml";
    return load_template(
        "id: t-1\ninfo:\n  name: N\n  author: a,b\n  severity: high\n  tags: x,Y\n  reference: r\n  "
        "metadata: {vendor: V, product: p}\n"
            + std::string(body),
        options
    );
}

TEST(Lines, CarryTheNamesOfNuclei) {
    const auto loaded = load("http:\n  - method: GET\n    path: ['{{BaseURL}}/a']\n    matchers: [{type: "
                             "word, name: m, words: [x]}]\n");
    ASSERT_NE(loaded.value, nullptr);
    Execution execution(loaded.value, Target::parse("http://h:81").or_throw(), {});
    const auto* request = execution.next();
    ASSERT_NE(request, nullptr);
    HttpAnswer answer;
    answer.status = 200;
    answer.body = "x";
    answer.url = request->http.url();
    execution.feed({ResponseFacts::of_http(answer, request->http.dump(), "http://h:81")});
    const auto hits = execution.take_hits();
    ASSERT_EQ(hits.size(), 1U);
    const auto at = base::parse_rfc3339("2026-11-24T00:00:00Z").or_throw();
    const auto line = template_line(hits[0], "u1", at);
    EXPECT_EQ(line["type"].as_string(), "template");
    EXPECT_EQ(line["type-of"].as_string(), "http");
    EXPECT_EQ(line["template-id"].as_string(), "t-1");
    EXPECT_EQ(line["matcher-name"].as_string(), "m");
    EXPECT_EQ(line["matched-at"].as_string(), "http://h:81/a");
    EXPECT_EQ(line["unit"].as_string(), "u1");
    EXPECT_EQ(line.find("extractor-name"), nullptr);
    EXPECT_EQ(line.find("extracted-results"), nullptr);
    const auto nuclei = nuclei_line(hits[0], at);
    EXPECT_EQ(nuclei["type"].as_string(), "http");
    EXPECT_EQ(nuclei["host"].as_string(), "h");
    EXPECT_EQ(nuclei["port"].as_string(), "81");
    EXPECT_EQ(nuclei["info"]["author"].items().size(), 2U);
    EXPECT_EQ(nuclei["info"]["severity"].as_string(), "high");
    EXPECT_TRUE(nuclei["matcher-status"].as_bool());
    EXPECT_EQ(hits[0].patterns, std::vector<std::string>{"x"});
}

TEST(Lines, StatusSaysClassOrReason) {
    const auto good =
        load("http:\n  - method: GET\n    path: ['{{BaseURL}}/a']\n    matchers: [{type: word, words: [x]}]\n"
        );
    const auto judgement = judge(*good.value);
    const auto line = template_status_line(good, "t.yaml", &judgement);
    EXPECT_EQ(line["status"].as_string(), "runnable");
    EXPECT_EQ(line["class"].as_string(), "careful");
    EXPECT_EQ(line["requests"].items().front().as_string(), "GET {{BaseURL}}/a");
    const auto bad = load("http: 5\n");
    EXPECT_EQ(template_status_line(bad, "t.yaml", nullptr)["status"].as_string(), "invalid");
    EXPECT_NE(
        template_status_line(bad, "t.yaml", nullptr)["message"].as_string().find("line 9"), std::string::npos
    );
}

TEST(Helpers, StayInsideTheFolder) {
    const auto root = std::filesystem::temp_directory_path() / "fengsui_template_helpers_test";
    std::filesystem::remove_all(root);
    std::filesystem::create_directories(root / "in/http");
    std::ofstream(root / "secret.txt") << "s";
    std::ofstream(root / "in/list.txt") << "l";
    std::filesystem::create_symlink(root / "secret.txt", root / "in/link.txt");
    const auto read = helper_reader(root / "in", root / "in/http/t.yaml");
    EXPECT_EQ(read("list.txt").value_or("none"), "l");
    EXPECT_EQ(read("../list.txt").value_or("none"), "l");
    EXPECT_FALSE(read("../../secret.txt").has_value());
    EXPECT_FALSE(read("link.txt").has_value());
    EXPECT_FALSE(read("/etc/passwd").has_value());
    EXPECT_FALSE(read("nope.txt").has_value());
    std::filesystem::remove_all(root);
}

} // namespace
} // namespace fengsui::templates
