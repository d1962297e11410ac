#include "base/text.h"

#include <gtest/gtest.h>

namespace fengsui::base {
namespace {

TEST(Text, SplitsKeepingEmptyPieces) {
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
    EXPECT_EQ(lines("one\r\ntwo\nthree"), (std::vector<std::string_view>{"one", "two", "three"}));
    EXPECT_EQ(lines("one\n"), (std::vector<std::string_view>{"one"}));
}

TEST(Text, ComparesWithoutCase) {
    EXPECT_TRUE(iequals("Content-TYPE", "content-type"));
    EXPECT_FALSE(iequals("Content", "Content-Type"));
    EXPECT_TRUE(istarts_with("HTTPS://x", "https://"));
    EXPECT_EQ(ifind("Server: NGINX", "nginx"), 8U);
    EXPECT_EQ(ifind("abc", "x"), std::string_view::npos);
}

struct GlobCase {
    const char* pattern;
    const char* text;
    bool matches;
};

TEST(Text, MatchesGlobs) {
    const GlobCase cases[] = {
        {"tls.*", "tls.tls10", true},
        {"tls.*", "http.tls", false},
        {"*", "", true},
        {"*missing", "csp_missing", true},
        {"*missing", "missing_x", false},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b*", "xxbxxaxx", false},
        {"tls.tls10", "tls.tls10", true},
        {"", "x", false},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(glob_match(one.pattern, one.text), one.matches) << one.pattern << " on " << one.text;
    }
}

TEST(Text, KnowsValidUtf8) {
    EXPECT_TRUE(is_valid_utf8("烽燧 ok"));
    EXPECT_FALSE(is_valid_utf8("\xC0\xAF"));         // overlong
    EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));     // surrogate
    EXPECT_FALSE(is_valid_utf8("\xF5\x80\x80\x80")); // beyond U+10FFFF
    EXPECT_FALSE(is_valid_utf8(std::string_view("\xE7\x83", 2)));
    EXPECT_EQ(scrub_utf8("a\xFF\x01z"), "a\xEF\xBF\xBDz");
}

TEST(Text, DecodesGb18030) {
    EXPECT_EQ(to_utf8("\xC4\xE3\xBA\xC3", "gb2312"), "你好");
    EXPECT_EQ(to_utf8("plain", "no-such-charset"), "plain");
    std::string text;
    EXPECT_TRUE(decode_strict("\xC4\xE3", "GB18030", text));
    EXPECT_FALSE(decode_strict("\xC4", "GB18030", text));
}

TEST(Text, ShortensAtCharacters) {
    EXPECT_EQ(shorten("烽燧", 6), "烽燧");
    EXPECT_EQ(shorten("烽燧", 5), "烽…");
}

TEST(Text, MasksSecrets) {
    EXPECT_EQ(mask_secret("hunter2secret"), "hun… (13 characters)");
    EXPECT_EQ(mask_secret("abc"), "… (3 characters)");
    EXPECT_EQ(mask_secret(""), "… (0 characters)");
    EXPECT_EQ(mask_secret("密码是一二三"), "密码是… (6 characters)");
}

TEST(Text, EncodesBase64AndHex) {
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(hex(std::string_view("\x00\xFF", 2)), "00ff");
}

} // namespace
} // namespace fengsui::base
