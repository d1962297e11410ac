#include "api/jwt.h"

#include "base/codec.h"
#include "base/text.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace fengsui::api {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;

constexpr std::size_t kMaxToken = std::size_t{64} * 1024;
constexpr std::size_t kMaxKeys = 100;
constexpr int kShortestRsa = 2048;
constexpr std::size_t kCoordinate = 32; // octets of a number of P-256

struct Free {
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* octets(const std::string& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Owned<BIGNUM> number(const std::string& bytes) {
    return Owned<BIGNUM>(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
}

Owned<EVP_PKEY> make_key(const char* type, OSSL_PARAM_BLD* builder) {
    const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder));
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1
        || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
        return nullptr;
    }
    return Owned<EVP_PKEY>(key);
}

Owned<EVP_PKEY> rsa_key(const Jwk& jwk) {
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    const auto n = number(jwk.n);
    const auto e = number(jwk.e);
    if (!builder || !n || !e || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1
        || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return nullptr;
    }
    auto key = make_key("RSA", builder.get());
    return key && EVP_PKEY_get_bits(key.get()) >= kShortestRsa ? std::move(key) : nullptr;
}

Owned<EVP_PKEY> ec_key(const Jwk& jwk) {
    const std::string point = std::string(1, '\4') + jwk.x + jwk.y; // SEC 1 2.3.3, uncompressed
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    if (!builder
        || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1
        || OSSL_PARAM_BLD_push_octet_string(
               builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()
           ) != 1) {
        return nullptr;
    }
    return make_key("EC", builder.get());
}

/// RFC 7518 3.4: the two numbers one after the other; OpenSSL wants them in DER.
std::string der_signature(const std::string& raw) {
    if (raw.size() != 2 * kCoordinate) {
        return {};
    }
    const Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
    auto r = number(raw.substr(0, kCoordinate));
    auto s = number(raw.substr(kCoordinate));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
        return {};
    }
    static_cast<void>(r.release()); // the signature's now
    static_cast<void>(s.release());
    unsigned char* bytes = nullptr;
    const int length = i2d_ECDSA_SIG(signature.get(), &bytes);
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(std::max(length, 0)));
    OPENSSL_free(bytes);
    return der;
}

bool fits(EVP_PKEY* key, const std::string& signature, const std::string& bytes) {
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return context && !signature.empty()
           && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1
           && EVP_DigestVerify(
                  context.get(), octets(signature), signature.size(), octets(bytes), bytes.size()
              ) == 1;
}

std::string_view algorithm_of(const Jwk& key) {
    return key.type == "RSA" ? "RS256" : "ES256";
}

base::Result<Json> part(std::string_view text, std::string_view name) {
    std::string bytes;
    if (!base::decode_base64(text, bytes)) {
        return Error(ErrorCode::invalid_argument, std::string(name) + " of the token is no base64");
    }
    auto json = base::parse_json(bytes).context(name);
    if (json && !json->is_object()) {
        return Error(ErrorCode::invalid_argument, std::string(name) + " of the token is no object");
    }
    return json;
}

/// The octets of a member, or false.
bool read_octets(const Json& key, std::string_view name, std::string& bytes) {
    return base::decode_base64(key[name].as_string(), bytes) && !bytes.empty();
}

bool read_key(const Json& document, Jwk& key) {
    const auto& use = document["use"].as_string();
    key.type = document["kty"].as_string();
    key.key_id = document["kid"].as_string();
    key.algorithm = document["alg"].as_string();
    if ((!use.empty() && use != "sig") || (!key.algorithm.empty() && key.algorithm != algorithm_of(key))) {
        return false;
    }
    if (key.type == "RSA") {
        return read_octets(document, "n", key.n) && read_octets(document, "e", key.e);
    }
    return key.type == "EC" && document["crv"].as_string() == "P-256" && read_octets(document, "x", key.x)
           && read_octets(document, "y", key.y) && key.x.size() == kCoordinate && key.y.size() == kCoordinate;
}

} // namespace

base::Result<Jwt> parse_jwt(std::string_view text) {
    const auto parts = base::split(text, '.');
    if (text.size() > kMaxToken || parts.size() != 3) {
        return Error(ErrorCode::invalid_argument, "not a signed token of three parts");
    }
    const auto header = part(parts[0], "header");
    if (!header) {
        return header.error();
    }
    if (header->find("crit") != nullptr) {
        return Error(ErrorCode::unsupported, "the token asks for an extension (crit) that is not known here");
    }
    auto claims = part(parts[1], "claims");
    if (!claims) {
        return claims.error();
    }
    Jwt token;
    token.algorithm = (*header)["alg"].as_string();
    token.key_id = (*header)["kid"].as_string();
    token.claims = std::move(*claims);
    token.signed_part = text.substr(0, parts[0].size() + 1 + parts[1].size());
    if (!base::decode_base64(parts[2], token.signature)) {
        return Error(ErrorCode::invalid_argument, "the token's signature is no base64");
    }
    return token;
}

base::Result<std::vector<Jwk>> parse_jwks(const Json& document) {
    if (!document["keys"].is_array()) {
        return Error(ErrorCode::invalid_argument, "not a set of keys (RFC 7517)");
    }
    std::vector<Jwk> keys;
    for (const auto& item : document["keys"].items()) {
        Jwk key;
        if (keys.size() < kMaxKeys && read_key(item, key)) {
            keys.push_back(std::move(key));
        }
    }
    return keys;
}

JwtVerdict verify_jwt(const Jwt& token, const std::vector<Jwk>& keys) {
    if (token.algorithm != "RS256" && token.algorithm != "ES256") {
        return JwtVerdict::bad_algorithm;
    }
    const Jwk* found = nullptr;
    std::size_t matches = 0;
    bool is_id_known = false;
    for (const auto& key : keys) {
        const bool is_named = !token.key_id.empty() && key.key_id == token.key_id;
        is_id_known = is_id_known || is_named;
        if ((is_named || token.key_id.empty()) && algorithm_of(key) == token.algorithm) {
            found = &key;
            ++matches;
        }
    }
    if (matches != 1) {
        return is_id_known && matches == 0 ? JwtVerdict::bad_algorithm : JwtVerdict::unknown_key;
    }
    const bool is_rsa = found->type == "RSA";
    const auto key = is_rsa ? rsa_key(*found) : ec_key(*found);
    const bool is_good =
        key && fits(key.get(), is_rsa ? token.signature : der_signature(token.signature), token.signed_part);
    ERR_clear_error();
    return is_good ? JwtVerdict::good : JwtVerdict::bad_signature;
}

} // namespace fengsui::api
