#include "base/text.h"
#include "template/functions.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace fengsui::templates {

namespace {

using Outcome = base::Result<Value>;

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    FENGSUI_CHECK(
        EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr) == 1, "a digest failed"
    );
    return base::hex({reinterpret_cast<const char*>(out.data()), size});
}

Outcome md5(const Arguments& arguments) {
    return Value::text(digest(EVP_md5(), arguments.text(0)));
}
Outcome sha1(const Arguments& arguments) {
    return Value::text(digest(EVP_sha1(), arguments.text(0)));
}
Outcome sha256(const Arguments& arguments) {
    return Value::text(digest(EVP_sha256(), arguments.text(0)));
}
Outcome sha512(const Arguments& arguments) {
    return Value::text(digest(EVP_sha512(), arguments.text(0)));
}

const EVP_MD* algorithm_of(std::string_view name) {
    if (name == "sha1" || name == "sha-1") {
        return EVP_sha1();
    }
    if (name == "sha256" || name == "sha-256") {
        return EVP_sha256();
    }
    return name == "sha512" || name == "sha-512" ? EVP_sha512() : nullptr;
}

Outcome hmac(const Arguments& arguments) {
    const EVP_MD* algorithm = algorithm_of(arguments.text(0));
    if (algorithm == nullptr) {
        return function_error("hmac: unsupported algorithm");
    }
    const std::string data = arguments.text(1);
    const std::string key = arguments.text(2);
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    HMAC(
        algorithm,
        key.data(),
        static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(data.data()),
        data.size(),
        out.data(),
        &size
    );
    return Value::text(base::hex({reinterpret_cast<const char*>(out.data()), size}));
}

/// Of Go's %v of the argument, as a signed decimal text.
Outcome mmh3(const Arguments& arguments) {
    return Value::text(std::to_string(murmur3(arguments[0].to_go_text())));
}

std::uint32_t rotated(std::uint32_t value, unsigned count) {
    return (value << count) | (value >> (32U - count));
}

std::uint32_t mixed(std::uint32_t block) {
    return rotated(block * 0xcc9e2d51U, 15) * 0x1b873593U;
}

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

constexpr Function kFunctions[] = {
    {"md5", 1, 1, md5},
    {"sha1", 1, 1, sha1},
    {"sha256", 1, 1, sha256},
    {"sha512", 1, 1, sha512},
    {"hmac", 3, 3, hmac},
    {"mmh3", 1, 1, mmh3},
};

} // namespace

std::string body_digest(std::string_view algorithm, std::string_view bytes) {
    const EVP_MD* known = algorithm == "md5" ? EVP_md5() : (algorithm == "sha1" ? EVP_sha1() : EVP_sha256());
    return digest(known, bytes);
}

std::int32_t murmur3(std::string_view bytes) {
    std::uint32_t hash = 0;
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4) {
        const std::uint32_t block = byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U
                                    | byte_at(bytes, at + 2) << 16U | byte_at(bytes, at + 3) << 24U;
        hash = rotated(hash ^ mixed(block), 13) * 5 + 0xe6546b64U;
    }
    std::uint32_t tail = 0;
    for (std::size_t i = bytes.size(); i > at; --i) {
        tail = tail << 8U | byte_at(bytes, i - 1);
    }
    hash ^= mixed(tail) ^ static_cast<std::uint32_t>(bytes.size());
    hash = (hash ^ (hash >> 16U)) * 0x85ebca6bU;
    hash = (hash ^ (hash >> 13U)) * 0xc2b2ae35U;
    return static_cast<std::int32_t>(hash ^ (hash >> 16U));
}

std::span<const Function> digest_functions() {
    return kFunctions;
}

} // namespace fengsui::templates
