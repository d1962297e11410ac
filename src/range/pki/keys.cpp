#include "range/pki/keys.h"

#include "base/error.h"
#include "base/hash.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>

namespace fengsui::range {

namespace {

using Group = std::unique_ptr<EC_GROUP, OpensslFree<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, OpensslFree<EC_POINT_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, OpensslFree<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, OpensslFree<OSSL_PARAM_free>>;

constexpr std::size_t kPointSize = 65; // uncompressed: 04, x, y

/// 31 bytes, so below the group's order whatever they are; never zero.
BigNumber scalar_of(std::uint64_t seed) {
    auto bytes = base::sha256("range key " + std::to_string(seed)).substr(0, 31);
    bytes[0] = static_cast<char>(bytes[0] | 1);
    return BigNumber(BN_bin2bn(
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr
    ));
}

std::array<unsigned char, kPointSize> public_point(const BIGNUM* scalar) {
    const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    require(group != nullptr, "the curve");
    const Point point(EC_POINT_new(group.get()));
    require(
        point && EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) == 1,
        "a public key"
    );
    std::array<unsigned char, kPointSize> bytes{};
    const auto size = EC_POINT_point2oct(
        group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(), bytes.size(), nullptr
    );
    require(size == bytes.size(), "a public key's bytes");
    return bytes;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

} // namespace

void require(bool done, std::string_view what) {
    if (!done) {
        throw base::Error(
            base::ErrorCode::internal, "the range's certificates: OpenSSL could not make " + std::string(what)
        );
    }
}

Key read_key(std::string_view pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    require(key != nullptr, "a key of its text");
    return key;
}

Key derive_p256_key(std::uint64_t seed) {
    const auto scalar = scalar_of(seed);
    const auto point = public_point(scalar.get());
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    const bool pushed =
        builder
        && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1
        && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get()) == 1
        && OSSL_PARAM_BLD_push_octet_string(
               builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()
           ) == 1;
    require(pushed, "a key's parameters");
    const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    const bool made = context && EVP_PKEY_fromdata_init(context.get()) == 1
                      && EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get()) == 1;
    require(made, "a P-256 key");
    return Key(key);
}

std::string key_pem_of(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(
        bio && PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "a key's text"
    );
    return text_of(bio.get());
}

std::string certificate_pem_of(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(bio && PEM_write_bio_X509(bio.get(), certificate) == 1, "a certificate's text");
    return text_of(bio.get());
}

} // namespace fengsui::range
