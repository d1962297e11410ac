// Private keys from texts and from seeds.
#pragma once

#include "range/pki/openssl_handles.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fengsui::range {

/// Both throw base::Error when OpenSSL refuses.
Key read_key(std::string_view pem);
/// The same P-256 key for the same seed.
Key derive_p256_key(std::uint64_t seed);
std::string key_pem_of(EVP_PKEY* key);
std::string certificate_pem_of(X509* certificate);

/// Throws base::Error unless `done`.
void require(bool done, std::string_view what);

} // namespace fengsui::range
