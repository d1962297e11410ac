#include "api/totp.h"
#include "base/codec.h"

#include <gtest/gtest.h>

namespace fengsui::api {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kKey = "12345678901234567890";

base::Instant at(std::int64_t seconds) {
    return base::Instant(std::chrono::seconds(seconds));
}

TEST(Totp, VectorsOfRfc6238AppendixB) {
    const std::pair<std::int64_t, const char*> vectors[] = {
        {59, "94287082"},
        {1111111109, "07081804"},
        {1111111111, "14050471"},
        {1234567890, "89005924"},
        {2000000000, "69279037"},
        {20000000000, "65353130"},
    };
    for (const auto& [seconds, code] : vectors) {
        EXPECT_EQ(totp_code(kKey, totp_step(at(seconds)), 8), code) << seconds;
    }
}

TEST(Totp, VectorsOfRfc4226AppendixD) {
    const char* codes[] = {"755224", "287082", "359152", "969429", "338314"};
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(totp_code(kKey, i), codes[i]);
    }
}

TEST(Totp, OneStepEitherWay) {
    const auto secret = base::base32(kKey);
    const auto now = at(1111111111);
    const auto step = totp_step(now);
    EXPECT_EQ(check_totp(secret, totp_code(kKey, step), now, {}), step);
    EXPECT_EQ(check_totp(secret, totp_code(kKey, step - 1), now, {}), step - 1);
    EXPECT_EQ(check_totp(secret, totp_code(kKey, step + 1), now, {}), step + 1);
    EXPECT_FALSE(check_totp(secret, totp_code(kKey, step - 2), now, {}));
    EXPECT_FALSE(check_totp(secret, totp_code(kKey, step + 2), now, {}));
}

TEST(Totp, NoCodeWorksTwice) {
    const auto secret = base::base32(kKey);
    const auto now = at(1111111111);
    const auto step = totp_step(now);
    const auto code = totp_code(kKey, step);
    EXPECT_TRUE(check_totp(secret, code, now, step - 1));
    EXPECT_FALSE(check_totp(secret, code, now, step));
    EXPECT_FALSE(check_totp(secret, totp_code(kKey, step - 1), now, step)) << "nor an older one after it";
}

TEST(Totp, WhatIsTypedWrong) {
    const auto secret = base::base32(kKey);
    const auto now = at(59);
    EXPECT_TRUE(check_totp(secret, "287 082", now, {}));
    for (const auto* code : {"", "287083", "2870820", "94287082", "28708", "abcdef"}) {
        EXPECT_FALSE(check_totp(secret, code, now, {})) << code;
    }
    EXPECT_FALSE(check_totp("", "287082", now, {}));
    EXPECT_FALSE(check_totp("no base32!", "287082", now, {}));
}

TEST(Totp, SecretsAndTheirUri) {
    const auto secret = new_totp_secret();
    EXPECT_EQ(secret.size(), 32U);
    EXPECT_NE(secret, new_totp_secret());
    EXPECT_EQ(
        totp_uri("烽燧 A", "li:wei", "ABC"),
        "otpauth://totp/%E7%83%BD%E7%87%A7%20A:li%3Awei?secret=ABC&issuer=%E7%83%BD%E7%87%A7%20A&algorithm="
        "SHA1&digits=6&period=30"
    );
}

} // namespace
} // namespace fengsui::api
