#include "api/jwt.h"
#include "api/jwt_for_test.h"
#include "base/text.h"

#include <gtest/gtest.h>

namespace fengsui::api {
namespace {

using base::Json;
using test::SigningKey;
using Kind = SigningKey::Kind;

const SigningKey& rsa() {
    static const SigningKey key(Kind::rsa, "r1");
    return key;
}
const SigningKey& ec() {
    static const SigningKey key(Kind::ec, "e1");
    return key;
}

std::vector<Jwk> keys_of(base::JsonArray items) {
    return parse_jwks(Json::object({{"keys", Json::array(std::move(items))}})).or_throw();
}
std::vector<Jwk> both() {
    return keys_of({rsa().jwk(), ec().jwk()});
}
JwtVerdict verdict_of(const std::string& text, const std::vector<Jwk>& keys) {
    return verify_jwt(parse_jwt(text).or_throw(), keys);
}
const Json kClaims = Json::object({{"sub", "u1"}});

TEST(Jwt, TheTokenOfRfc7515AppendixA3) {
    const auto keys = keys_of({Json::object(
        {{"kty", "EC"},
         {"crv", "P-256"},
         {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
         {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}
    )});
    const std::string text =
        "eyJhbGciOiJFUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    EXPECT_EQ(verdict_of(text, keys), JwtVerdict::good);
    EXPECT_EQ(parse_jwt(text)->claims["iss"].as_string(), "joe");
}

TEST(Jwt, BothAlgorithmsVerifyAndNothingChangedDoes) {
    for (const auto* key : {&rsa(), &ec()}) {
        const std::string token = key->token(kClaims);
        EXPECT_EQ(verdict_of(token, both()), JwtVerdict::good) << key->algorithm();
        const auto parts = base::split(token, '.');
        const std::string forged = std::string(parts[0]) + "." + base::base64_url(R"({"sub":"admin"})") + "."
                                   + std::string(parts[2]);
        EXPECT_EQ(verdict_of(forged, both()), JwtVerdict::bad_signature);
        EXPECT_EQ(verdict_of(token.substr(0, token.rfind('.') + 1), both()), JwtVerdict::bad_signature);
    }
}

TEST(Jwt, OtherAlgorithmsAreRefused) {
    for (const auto* algorithm : {"none", "HS256", "RS1", "PS256", "", "rs256"}) {
        const auto header = Json::object({{"alg", algorithm}, {"kid", "r1"}});
        EXPECT_EQ(verdict_of(rsa().token(kClaims, header), both()), JwtVerdict::bad_algorithm) << algorithm;
    }
    const auto crossed = Json::object({{"alg", "ES256"}, {"kid", "r1"}});
    EXPECT_EQ(verdict_of(ec().token(kClaims, crossed), both()), JwtVerdict::bad_algorithm);
}

TEST(Jwt, KeysAreChosenById) {
    const SigningKey stranger(Kind::ec, "e2");
    EXPECT_EQ(verdict_of(stranger.token(kClaims), both()), JwtVerdict::unknown_key);
    const SigningKey impostor(Kind::ec, "e1");
    EXPECT_EQ(verdict_of(impostor.token(kClaims), both()), JwtVerdict::bad_signature);
    const auto nameless = Json::object({{"alg", "ES256"}});
    EXPECT_EQ(verdict_of(ec().token(kClaims, nameless), both()), JwtVerdict::good);
    const auto two = keys_of({ec().jwk(), stranger.jwk()});
    EXPECT_EQ(verdict_of(ec().token(kClaims, nameless), two), JwtVerdict::unknown_key) << "which of them?";
    EXPECT_EQ(verdict_of(ec().token(kClaims), {}), JwtVerdict::unknown_key);
}

TEST(Jwt, ShortRsaKeysAreNotEnough) {
    const SigningKey weak(Kind::rsa, "w", 1024);
    EXPECT_EQ(verdict_of(weak.token(kClaims), keys_of({weak.jwk()})), JwtVerdict::bad_signature);
}

TEST(Jwt, KeysForOtherUsesAndBrokenKeysAreLeftOut) {
    auto for_encryption = ec().jwk();
    for_encryption.set("use", "enc");
    auto other_algorithm = rsa().jwk();
    other_algorithm.set("alg", "RS512");
    auto short_point = ec().jwk();
    short_point.set("x", "AAAA");
    auto other_curve = ec().jwk();
    other_curve.set("crv", "P-384");
    EXPECT_TRUE(
        keys_of({for_encryption, other_algorithm, short_point, other_curve, Json::object(), 7}).empty()
    );
    EXPECT_FALSE(parse_jwks(Json::object()));
    auto off_the_curve = ec().jwk();
    off_the_curve.set("y", off_the_curve["x"].as_string());
    EXPECT_EQ(verdict_of(ec().token(kClaims), keys_of({off_the_curve})), JwtVerdict::bad_signature);
}

TEST(Jwt, WhatIsNoTokenIsAnError) {
    for (const auto* text : {"", "a.b", "a.b.c.d", "e30.e30", "!.e30.e30", "e30.W10.e30", "e30.eyJ.e30"}) {
        EXPECT_FALSE(parse_jwt(text)) << text;
    }
    EXPECT_FALSE(parse_jwt(std::string(70000, 'a') + ".e30.e30"));
    const auto critical = Json::object({{"alg", "ES256"}, {"crit", Json::array({"exp"})}});
    EXPECT_FALSE(parse_jwt(ec().token(kClaims, critical)));
}

} // namespace
} // namespace fengsui::api
