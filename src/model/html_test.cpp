#include "model/html.h"

#include <gtest/gtest.h>

namespace fengsui::model {
namespace {

std::string repeat(std::string_view piece, std::size_t total) {
    std::string text;
    while (text.size() < total) {
        text += piece;
    }
    return text;
}

std::vector<std::string> urls(std::string_view html) {
    std::vector<std::string> found;
    for (const auto& reference : read_html(html).references) {
        found.push_back(reference.url);
    }
    return found;
}

using Urls = std::vector<std::string>;

TEST(Html, ReadsTitleBaseMetaAndReferences) {
    const auto facts = read_html(R"(<!DOCTYPE html><HTML><head><TITLE> 市政府
 &amp; others </TITLE><base href="/a/"><meta name="Generator" content="WordPress 6.1">
<meta http-equiv=Content-Security-Policy content="default-src 'self'">
<script src=x.js integrity="sha384-a" type=module></script><LINK rel=StyleSheet href='s.css'></head>
<body><a href="?a=1&amp;b=2#f">t</a><form action=login><input type=PASSWORD></form></body></html>)");
    EXPECT_EQ(facts.title, "市政府 & others");
    EXPECT_EQ(facts.base_href, "/a/");
    ASSERT_NE(facts.meta("generator"), nullptr);
    EXPECT_EQ(facts.meta("generator")->content, "WordPress 6.1");
    ASSERT_NE(facts.http_equiv("content-security-policy"), nullptr);
    EXPECT_TRUE(facts.has_password_field);
    ASSERT_EQ(facts.references.size(), 4U);
    EXPECT_TRUE(facts.references[0].has_integrity);
    EXPECT_EQ(facts.references[0].type, "module");
    EXPECT_EQ(facts.references[1].rel, "stylesheet");
    EXPECT_EQ(facts.references[2].url, "?a=1&b=2#f");
    EXPECT_EQ(facts.references[3].element, "form");
}

TEST(Html, WhatABrowserDoesNotLoadIsNoReference) {
    EXPECT_EQ(urls("<!-- <img src=a> --><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<!--><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<!-- x --!><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<textarea><img src=a></textarea><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<style>a{content:'<img src=a>'}</style><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<template><img src=a></template><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<script>var s = '<img src=a>';</script><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<plaintext><img src=a>"), Urls{});
    EXPECT_EQ(urls("<img alt='<img src=a>' src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<img src=b"), Urls{});
}

TEST(Html, AScriptEndsWhereBrowsersEndIt) {
    EXPECT_EQ(urls("<script><!-- <script>x</script> --></script><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<script><!-- x </script><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<script>a</scriptx></script ><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<script><!--><script></script><img src=b>"), Urls{"b"});
    EXPECT_EQ(urls("<script>never closed <img src=a>"), Urls{});
}

TEST(Html, AttributesAreReadAsBrowsersReadThem) {
    EXPECT_EQ(urls("<img src=a src=b>"), Urls{"a"});
    EXPECT_EQ(urls("<img/src=a/b>"), Urls{"a/b"});
    EXPECT_EQ(urls("<img src = ' a b '>"), Urls{"a b"});
    EXPECT_EQ(urls("<a href='java\tscript:x\n'>"), Urls{"javascript:x"});
    EXPECT_EQ(urls("<a href='&#104;&#x74;tp&colon;//x/?a&b&lt=1'>"), Urls{"http://x/?a&b&lt=1"});
    EXPECT_EQ(
        urls("<a href='&#0;&#x110000;&#xD800;&#;&'>"), Urls{"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&#;&"}
    );
    EXPECT_EQ(urls("<a href><a href=''>"), Urls{});
}

TEST(Html, ReadsTheCandidatesOfASrcset) {
    EXPECT_EQ(urls("<img srcset='a.png 1x, b,c.png 2x,d.png'>"), (Urls{"a.png", "b,c.png", "d.png"}));
    EXPECT_EQ(urls("<img srcset=' , '>"), Urls{});
}

TEST(Html, SvgHasItsOwnTitleAndCharacterData) {
    const auto facts =
        read_html("<svg><title>icon</title><![CDATA[<img src=a>]]><image href=b></svg><title>page</title>");
    EXPECT_EQ(facts.title, "page");
    ASSERT_EQ(facts.references.size(), 1U);
    EXPECT_EQ(facts.references[0].url, "b");
}

TEST(Html, KeepsInlineScriptsButNotData) {
    const auto facts = read_html(
        "<script>one()</script><script type='application/ld+json'>{}</script><script src=x>two()</script>"
        "<script> </script><script>"
        + repeat("x", 9000) + "</script>"
    );
    ASSERT_EQ(facts.inline_scripts.size(), 2U);
    EXPECT_EQ(facts.inline_scripts[0], "one()");
    EXPECT_LE(facts.inline_scripts[1].size(), 4099U);
}

/// Each of these makes a tree builder quadratic or worse; here they only have to end with a small answer.
TEST(Html, HostileInputStaysSmall) {
    constexpr std::size_t kSize = 3U << 20;
    EXPECT_TRUE(read_html(repeat("<div>", kSize)).references.empty());
    EXPECT_TRUE(read_html(repeat("<p><b id=1><p><b id=2>", kSize)).references.empty());
    EXPECT_TRUE(read_html("<p " + repeat("a b c d e ", kSize)).references.empty());
    EXPECT_TRUE(read_html(repeat("<!--x", kSize)).references.empty());
    EXPECT_TRUE(read_html(repeat("<!--x--!", kSize)).references.empty());
    EXPECT_TRUE(read_html(repeat("<script><!--<script>", kSize)).references.empty());
    EXPECT_TRUE(read_html(repeat("</", kSize)).references.empty());
    EXPECT_TRUE(read_html(repeat("<title>", kSize)).references.empty());
    EXPECT_TRUE(read_html(repeat("<svg><![CDATA[", kSize)).references.empty());
    EXPECT_EQ(read_html(repeat("<a href=x>", kSize)).references.size(), 5000U);
    EXPECT_LE(read_html(repeat("<meta name=a>", kSize)).metas.size(), 500U);
    EXPECT_EQ(read_html("<img srcset='" + repeat("a,b ", kSize) + "'>").references.size(), 0U)
        << "cut inside the tag";
    EXPECT_LE(read_html("<title>" + repeat("&#65;", 100000) + "</title>").title.size(), 8195U);
    EXPECT_TRUE(read_html(std::string_view("\0<\0\xFF", 4)).references.empty());
    EXPECT_TRUE(read_html("").title.empty());
}

} // namespace
} // namespace fengsui::model
