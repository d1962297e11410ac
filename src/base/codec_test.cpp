#include "base/codec.h"
#include "base/hmac.h"
#include "base/text.h"

#include <gtest/gtest.h>

namespace fengsui::base {
namespace {

TEST(Codec, Base64UrlHasItsOwnAlphabetAndNoPadding) {
    EXPECT_EQ(base64_url(""), "");
    EXPECT_EQ(base64_url("\xfb\xff"), "-_8");
    EXPECT_EQ(base64_url("f"), "Zg");
}

TEST(Codec, DecodesEitherAlphabet) {
    std::string bytes;
    EXPECT_TRUE(decode_base64("Zm9v YmFy\r\n", bytes));
    EXPECT_EQ(bytes, "foobar");
    EXPECT_TRUE(decode_base64("+/8=", bytes));
    EXPECT_EQ(bytes, "\xfb\xff");
    EXPECT_TRUE(decode_base64("-_8", bytes));
    EXPECT_EQ(bytes, "\xfb\xff");
}

TEST(Codec, RefusesWhatIsNoBase64) {
    std::string bytes;
    EXPECT_FALSE(decode_base64("Zg*", bytes));
    EXPECT_FALSE(decode_base64("Z", bytes)) << "six bits are no octet";
    EXPECT_FALSE(decode_base64("Zh", bytes)) << "bits left over";
    EXPECT_FALSE(decode_base64("Zg==Zg", bytes));
}

TEST(Codec, Base32RoundTripAndAsTyped) {
    EXPECT_EQ(base32("foobar"), "MZXW6YTBOI"); // RFC 4648 section 10
    std::string bytes;
    EXPECT_TRUE(decode_base32("mzxw 6ytb-oi======", bytes));
    EXPECT_EQ(bytes, "foobar");
    EXPECT_FALSE(decode_base32("MZXW1", bytes));
}

TEST(Hmac, VectorsOfRfc4231AndRfc2202) {
    EXPECT_EQ(
        hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    EXPECT_EQ(
        hex(hmac_sha1("Jefe", "what do ya want for nothing?")), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    );
}

TEST(Hmac, ComparesWhole) {
    EXPECT_TRUE(is_same_secret("abc", "abc"));
    EXPECT_FALSE(is_same_secret("abc", "abd"));
    EXPECT_FALSE(is_same_secret("abc", "ab"));
    EXPECT_TRUE(is_same_secret("", ""));
}

} // namespace
} // namespace fengsui::base
