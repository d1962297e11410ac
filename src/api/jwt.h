// JSON Web Tokens and the keys that sign them (RFC 7515, 7517, 7518). OpenSSL inside. Pure.
#pragma once

#include "base/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::api {

struct Jwt {
    std::string algorithm;   ///< `alg`, as the token says
    std::string key_id;      ///< `kid`; may be empty
    base::Json claims;       ///< not to be believed before verify_jwt
    std::string signed_part; ///< header and claims, as sent
    std::string signature;   ///< raw
};

/// Takes a compact token of at most 64 KiB apart. An error for anything else, and for `crit` headers.
base::Result<Jwt> parse_jwt(std::string_view text);

struct Jwk {
    std::string key_id;
    std::string algorithm; ///< RS256, ES256; empty: any that fits its type
    std::string type;      ///< RSA or EC
    std::string n, e;      ///< RSA, raw octets
    std::string x, y;      ///< EC on P-256, raw octets
};

/// The keys of a JWK set that can sign in RS256 or ES256; others are left out. At most 100.
base::Result<std::vector<Jwk>> parse_jwks(const base::Json& document);

enum class JwtVerdict {
    good,
    unknown_key,   ///< no key of that id: the keys may have been changed since they were fetched
    bad_algorithm, ///< neither RS256 nor ES256, or not the key's own
    bad_signature,
};

/// Only RS256 (of at least 2048 bits) and ES256; the algorithm must be the key's. A token without `kid` is
/// taken only when there is one key of its kind.
JwtVerdict verify_jwt(const Jwt& token, const std::vector<Jwk>& keys);

} // namespace fengsui::api
