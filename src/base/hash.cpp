#include "base/hash.h"

#include "base/error.h"
#include "base/text.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace fengsui::base {

namespace {

std::string digest_of(std::string_view bytes, const EVP_MD* method) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    const int done = EVP_Digest(
        bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &length, method, nullptr
    );
    FENGSUI_CHECK(done == 1, "the digest is not available");
    digest.resize(length);
    return digest;
}

} // namespace

std::string sha256(std::string_view bytes) {
    return digest_of(bytes, EVP_sha256());
}

std::string sha256_hex(std::string_view bytes) {
    return hex(sha256(bytes));
}

std::string sha1_hex(std::string_view bytes) {
    return hex(digest_of(bytes, EVP_sha1()));
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    const int done = RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
    FENGSUI_CHECK(done == 1, "the random source failed");
    return bytes;
}

} // namespace fengsui::base
