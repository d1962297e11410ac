// Passwords and tokens: only hashes are kept.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::api {

/// Argon2id in its encoded form (RFC 9106), tens of milliseconds on purpose: call on the pool.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view password, const std::string& encoded);
/// Spends as long as a real comparison: for names that do not exist.
void pretend_to_verify(std::string_view password);

/// 32 random bytes as URL-safe text.
std::string new_secret();
/// What the store keeps of a secret of full entropy: its SHA-256.
std::string secret_hash(std::string_view secret);

} // namespace fengsui::api
