#include "api/password.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <argon2.h>

namespace fengsui::api {

namespace {

// RFC 9106 section 4, second recommended option scaled to a server that also patrols: 19 MiB, 2 passes.
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltLength = 16;
constexpr std::size_t kHashLength = 32;

} // namespace

std::string hash_password(std::string_view password) {
    const std::string salt = base::random_bytes(kSaltLength);
    std::string encoded(
        argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltLength, kHashLength, Argon2_id), '\0'
    );
    const int status = argon2id_hash_encoded(
        kPasses,
        kMemoryKib,
        kLanes,
        password.data(),
        password.size(),
        salt.data(),
        salt.size(),
        kHashLength,
        encoded.data(),
        encoded.size()
    );
    if (status != ARGON2_OK) {
        throw base::Error(base::ErrorCode::internal, argon2_error_message(status));
    }
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool verify_password(std::string_view password, const std::string& encoded) {
    return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

void pretend_to_verify(std::string_view password) {
    hash_password(password);
}

std::string new_secret() {
    std::string text = base::base64(base::random_bytes(32));
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(std::remove(text.begin(), text.end(), '='), text.end());
    return text;
}

std::string secret_hash(std::string_view secret) {
    return base::sha256_hex(secret);
}

} // namespace fengsui::api
