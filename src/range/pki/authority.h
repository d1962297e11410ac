// The certificate authority of the made-up district.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fengsui::range {

enum class ChainKind : std::uint8_t {
    complete, ///< leaf, intermediate
    reversed, ///< leaf, root, intermediate
    leaf_only,
    self_signed, ///< the leaf signs itself
    stranger,    ///< leaf, and the root that nobody knows which signed it
};
enum class KeyKind : std::uint8_t { p256, rsa_2048, rsa_1024, published };
enum class SignatureHash : std::uint8_t { sha256, sha1, md5 };

struct CertificateOrder {
    std::string common_name;
    std::vector<std::string> names; ///< subjectAltName; empty: no such extension
    base::Instant not_before{};
    base::Instant not_after{};
    ChainKind chain = ChainKind::complete;
    KeyKind key = KeyKind::p256;
    SignatureHash hash = SignatureHash::sha256;
    std::uint64_t seed = 0; ///< of serial number and P-256 key
};

struct Identity {
    std::string chain_pem; ///< as it is to be sent, leaf first
    std::string key_pem;
};

class Authority {
public:
    Authority();
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    /// The roots to trust: the same bytes in every range.
    [[nodiscard]] const std::string& trust_pem() const;
    /// Throws base::Error when OpenSSL cannot.
    [[nodiscard]] Identity issue(const CertificateOrder& order) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fengsui::range
