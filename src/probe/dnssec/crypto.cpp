#include "probe/dnssec/crypto.h"

#include "net/dns_wire.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <array>
#include <memory>

namespace fengsui::probe::dnssec {

namespace {

template <auto Free>
struct Freeing {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using PublicKey = std::unique_ptr<EVP_PKEY, Freeing<&EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freeing<&EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freeing<&EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freeing<&BN_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freeing<&OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freeing<&OSSL_PARAM_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freeing<&ECDSA_SIG_free>>;

enum class Family : std::uint8_t { rsa, ecdsa, edwards };
struct Algorithm {
    std::uint8_t number;
    Family family;
    const EVP_MD* (*digest)();
    const char* group; ///< of an EC key; of Edwards keys the type
    std::size_t size;  ///< of the key, but for RSA
};
constexpr std::array<Algorithm, 8> kAlgorithms = {
    {{5, Family::rsa, &EVP_sha1, nullptr, 0},
     {7, Family::rsa, &EVP_sha1, nullptr, 0},
     {8, Family::rsa, &EVP_sha256, nullptr, 0},
     {10, Family::rsa, &EVP_sha512, nullptr, 0},
     {13, Family::ecdsa, &EVP_sha256, "P-256", 64},
     {14, Family::ecdsa, &EVP_sha384, "P-384", 96},
     {15, Family::edwards, nullptr, "ED25519", 32},
     {16, Family::edwards, nullptr, "ED448", 57}}};
/// Longer moduli cost more than any zone is worth (RFC 3110 section 2 ends at 4096 bits).
constexpr std::size_t kMaxRsaKey = 1024;

const Algorithm* find_algorithm(std::uint8_t number) {
    for (const auto& algorithm : kAlgorithms) {
        if (algorithm.number == number) {
            return &algorithm;
        }
    }
    return nullptr;
}

const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Number number_of(std::string_view bytes) {
    return Number(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKey key_from(const char* type, OSSL_PARAM_BLD* builder) {
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
    }
    return PublicKey(key);
}

/// RFC 3110 section 2: the exponent's length in one octet, or in two after a zero.
PublicKey rsa_key(std::string_view bytes) {
    std::size_t length = bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]);
    std::size_t head = 1;
    if (length == 0 && bytes.size() >= 3) {
        length = net::wire_u16(bytes, 1);
        head = 3;
    }
    if (length == 0 || bytes.size() <= head + length || bytes.size() > kMaxRsaKey) {
        return nullptr;
    }
    const auto exponent = number_of(bytes.substr(head, length));
    const auto modulus = number_of(bytes.substr(head + length));
    const ParameterBuilder builder(OSSL_PARAM_BLD_new());
    if (!exponent || !modulus || !builder
        || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1
        || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
        return nullptr;
    }
    return key_from("RSA", builder.get());
}

PublicKey ec_key(std::string_view bytes, const char* group) {
    const auto point = std::string(1, '\4') + std::string(bytes); // uncompressed
    const ParameterBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1
        || OSSL_PARAM_BLD_push_octet_string(
               builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()
           ) != 1) {
        return nullptr;
    }
    return key_from("EC", builder.get());
}

PublicKey public_key(const Algorithm& algorithm, std::string_view bytes) {
    if (algorithm.family == Family::rsa) {
        return rsa_key(bytes);
    }
    if (bytes.size() != algorithm.size) {
        return nullptr;
    }
    if (algorithm.family == Family::ecdsa) {
        return ec_key(bytes, algorithm.group);
    }
    return PublicKey(
        EVP_PKEY_new_raw_public_key_ex(nullptr, algorithm.group, nullptr, octets(bytes), bytes.size())
    );
}

/// RFC 6605 section 4: r and s one after the other, as OpenSSL wants them in DER.
std::string der_signature(std::string_view bytes, std::size_t size) {
    if (bytes.size() != size) {
        return {};
    }
    const EcdsaSignature signature(ECDSA_SIG_new());
    auto r = number_of(bytes.substr(0, size / 2));
    auto s = number_of(bytes.substr(size / 2));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
        return {};
    }
    static_cast<void>(r.release()); // the signature owns them now
    static_cast<void>(s.release());
    unsigned char* der = nullptr;
    const int length = i2d_ECDSA_SIG(signature.get(), &der);
    if (length <= 0) {
        return {};
    }
    std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    return text;
}

std::string digest_of(const EVP_MD* algorithm, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) != 1) {
        return {};
    }
    return {reinterpret_cast<char*>(digest.data()), size};
}

const EVP_MD* ds_digest(std::uint8_t type) {
    switch (type) {
    case 1:
        return EVP_sha1();
    case 2:
        return EVP_sha256();
    case 4:
        return EVP_sha384();
    default:
        return nullptr;
    }
}

} // namespace

bool is_known_algorithm(std::uint8_t algorithm) {
    return find_algorithm(algorithm) != nullptr;
}

bool is_known_digest(std::uint8_t digest_type) {
    return ds_digest(digest_type) != nullptr;
}

bool verify(const ZoneKey& key, std::string_view text, std::string_view signature) {
    const auto* algorithm = find_algorithm(key.algorithm);
    if (algorithm == nullptr) {
        return false;
    }
    const auto public_part = public_key(*algorithm, key.key);
    const auto der = algorithm->family == Family::ecdsa ? der_signature(signature, algorithm->size)
                                                        : std::string(signature);
    const DigestContext context(EVP_MD_CTX_new());
    const auto* digest = algorithm->digest == nullptr ? nullptr : algorithm->digest();
    const bool holds =
        public_part && context && !der.empty()
        && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, public_part.get()) == 1
        && EVP_DigestVerify(context.get(), octets(der), der.size(), octets(text), text.size()) == 1;
    ERR_clear_error();
    return holds;
}

bool is_signed_for(const DelegationSigner& ds, std::string_view zone, const ZoneKey& key) {
    const auto* digest = ds_digest(ds.digest_type);
    std::string owner;
    if (digest == nullptr || ds.tag != key.tag || ds.algorithm != key.algorithm
        || !net::append_dns_name(zone, owner)) {
        return false;
    }
    return digest_of(digest, owner + key.data) == ds.digest;
}

std::string nsec3_hash(std::string_view name, std::string_view salt, unsigned iterations) {
    std::string hash;
    if (!net::append_dns_name(name, hash)) {
        return {};
    }
    for (unsigned i = 0; i <= iterations; ++i) {
        hash = digest_of(EVP_sha1(), hash.append(salt));
    }
    return hash;
}

} // namespace fengsui::probe::dnssec
