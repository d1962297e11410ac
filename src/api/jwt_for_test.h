// Test-only: signs tokens and shows the keys they are verified by.
#pragma once

#include "base/codec.h"
#include "base/json.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace fengsui::api::test {

class SigningKey {
public:
    enum class Kind { rsa, ec };
    SigningKey(Kind kind, std::string id, unsigned bits = 2048)
        : kind_(kind),
          id_(std::move(id)),
          key_(kind == Kind::rsa ? EVP_RSA_gen(bits) : EVP_EC_gen("P-256"), EVP_PKEY_free) {}

    [[nodiscard]] std::string algorithm() const { return kind_ == Kind::rsa ? "RS256" : "ES256"; }

    [[nodiscard]] base::Json jwk() const {
        const bool is_rsa = kind_ == Kind::rsa;
        auto key = base::Json::object({{"kty", is_rsa ? "RSA" : "EC"}, {"kid", id_}, {"use", "sig"}});
        if (is_rsa) {
            key.set("n", number(OSSL_PKEY_PARAM_RSA_N, 0)).set("e", number(OSSL_PKEY_PARAM_RSA_E, 0));
        } else {
            key.set("crv", "P-256")
                .set("x", number(OSSL_PKEY_PARAM_EC_PUB_X, 32))
                .set("y", number(OSSL_PKEY_PARAM_EC_PUB_Y, 32));
        }
        return key;
    }

    [[nodiscard]] std::string token(const base::Json& claims, base::Json header = {}) const {
        if (header.is_null()) {
            header = base::Json::object({{"alg", algorithm()}, {"kid", id_}});
        }
        const std::string head = base::base64_url(base::to_text(header));
        const std::string text = head + "." + base::base64_url(base::to_text(claims));
        return text + "." + base::base64_url(sign(text));
    }

    [[nodiscard]] std::string sign(const std::string& text) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
            EVP_MD_CTX_new(), EVP_MD_CTX_free
        );
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        std::size_t length = 1024;
        std::string signature(length, '\0');
        EVP_DigestSign(
            context.get(),
            reinterpret_cast<unsigned char*>(signature.data()),
            &length,
            reinterpret_cast<const unsigned char*>(text.data()),
            text.size()
        );
        signature.resize(length);
        return kind_ == Kind::rsa ? signature : raw(signature);
    }

private:
    static std::string octets(const BIGNUM* value, int length) {
        std::string bytes(static_cast<std::size_t>(length == 0 ? BN_num_bytes(value) : length), '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
        return bytes;
    }
    static std::string raw(const std::string& der) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
            d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())), ECDSA_SIG_free
        );
        return octets(ECDSA_SIG_get0_r(signature.get()), 32) + octets(ECDSA_SIG_get0_s(signature.get()), 32);
    }
    [[nodiscard]] std::string number(const char* name, int length) const {
        BIGNUM* value = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &value);
        const std::string text = base::base64_url(octets(value, length));
        BN_free(value);
        return text;
    }

    Kind kind_;
    std::string id_;
    std::shared_ptr<EVP_PKEY> key_;
};

} // namespace fengsui::api::test
