#include "base/hmac.h"

#include "base/error.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace fengsui::base {

namespace {

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view bytes) {
    std::string code(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    const auto* done = HMAC(
        digest,
        key.data(),
        static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(bytes.data()),
        bytes.size(),
        reinterpret_cast<unsigned char*>(code.data()),
        &length
    );
    FENGSUI_CHECK(done != nullptr, "HMAC is not available");
    code.resize(length);
    return code;
}

} // namespace

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    return hmac(EVP_sha256(), key, bytes);
}

std::string hmac_sha1(std::string_view key, std::string_view bytes) {
    return hmac(EVP_sha1(), key, bytes);
}

bool is_same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace fengsui::base
