#include "check/common/software_match.h"

#include <gtest/gtest.h>

namespace fengsui::check {
namespace {

TEST(MatchSignature, CapturesTheVersion) {
    EXPECT_EQ(match_signature("nginx/1.18.0 (Ubuntu)", "^nginx/{version}"), "1.18.0");
    EXPECT_EQ(
        match_signature("Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips", "OpenSSL/{version}"), "1.0.2k-fips"
    );
    EXPECT_EQ(match_signature("/js/jquery.min.js?ver=3.6.0", "jquery.min.js?ver={version}"), "3.6.0");
    EXPECT_EQ(match_signature("Jetty(9.4.43.v20210629)", "Jetty({version})"), "9.4.43.v20210629");
    EXPECT_EQ(match_signature("4.0.30319", "^{version}$"), "4.0.30319");
    EXPECT_EQ(match_signature("a-1.2.min.js", "a-{version}.min.js"), "1.2");
    EXPECT_EQ(match_signature("WordPress 6.4.", "WordPress {version}"), "6.4");
}

TEST(MatchSignature, WithoutAVersionGivesAnEmptyOne) {
    EXPECT_EQ(match_signature("NGINX", "^nginx$"), "");
    EXPECT_EQ(match_signature("anything", ""), "");
    EXPECT_EQ(match_signature("", ""), "");
}

TEST(MatchSignature, KnowsEdges) {
    EXPECT_FALSE(match_signature("Apache-Coyote/1.1", "^Apache/{version}"));
    EXPECT_FALSE(match_signature("my nginx", "^nginx"));
    EXPECT_FALSE(match_signature("nginx plus", "^nginx$"));
    EXPECT_FALSE(match_signature("xPHP/7.4", "PHP/{version}"));
    EXPECT_EQ(match_signature("xPHP/7.4 PHP/8.1", "PHP/{version}"), "8.1");
    EXPECT_FALSE(match_signature("PHP/x", "PHP/{version}"));
    EXPECT_FALSE(match_signature("PHP/", "PHP/{version}"));
    EXPECT_FALSE(match_signature("", "PHP"));
}

TEST(MatchSignature, HostileTextEndsToo) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += "1a";
    }
    EXPECT_FALSE(match_signature(text, "1{version}!"));
}

TEST(VersionOfFile, LeavesTheFileNameOut) {
    EXPECT_EQ(version_of_file("3.6.0.slim.min.js"), "3.6.0");
    EXPECT_EQ(version_of_file("3.0.0-beta.js"), "3.0.0-beta");
    EXPECT_EQ(version_of_file("1.4.2-min.js"), "1.4.2");
    EXPECT_EQ(version_of_file("1"), "1");
    EXPECT_EQ(version_of_file(""), "");
}

} // namespace
} // namespace fengsui::check
