// What one TLS endpoint showed. Certificates as facts, so that judging needs no OpenSSL.
#pragma once

#include "base/time.h"
#include "model/address.h"
#include "model/outcome.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::model {

struct CertificateFacts {
    std::string subject; ///< RFC 4514 text
    std::string issuer;
    std::string common_name;
    std::vector<std::string> dns_names;  ///< subjectAltName, lower case, as in the certificate
    std::vector<IpAddress> ip_addresses; ///< subjectAltName
    std::string serial;                  ///< hexadecimal
    base::Instant not_before{};
    base::Instant not_after{};
    std::string key_type; ///< RSA, EC, Ed25519, Ed448, SM2, DSA …
    int key_bits = 0;
    std::string curve;               ///< of an EC key
    std::string signature_algorithm; ///< e.g. sha256WithRSAEncryption
    std::string signature_hash;      ///< sha256, sha1, md5 …; empty for EdDSA
    bool is_ca = false;
    bool is_self_issued = false; ///< subject equals issuer
    bool is_self_signed = false; ///< and its own key verifies its signature
    bool has_ca_issuers = false; ///< authorityInfoAccess names where the issuer's certificate is
    std::string sha256;          ///< of the DER, hexadecimal
    std::string spki_sha256;     ///< of the SubjectPublicKeyInfo, hexadecimal
};

/// Where the chain as sent leads, dates left aside.
enum class Trust : std::uint8_t {
    unknown,     ///< could not be judged
    trusted,     ///< to a root we know
    self_signed, ///< the leaf signs itself and is not a root we know
    untrusted,   ///< to a root we do not know
    incomplete,  ///< an intermediate was not sent
    broken,      ///< a signature in it does not verify, or it is not allowed to sign
};
std::string_view to_string(Trust trust);

enum class Offered : std::uint8_t { unknown, yes, no };

/// One address and port of a host name.
struct TlsEndpoint {
    std::string host;
    IpAddress address;
    std::uint16_t port = 443;
    Outcome outcome;                     ///< of the normal handshake
    std::string version;                 ///< TLSv1.2, TLSv1.3 …
    std::string cipher;                  ///< IANA name
    std::vector<CertificateFacts> chain; ///< as sent, leaf first
    Trust trust = Trust::unknown;
    std::string trust_detail;     ///< the verifier's words, for evidence
    bool is_chain_ordered = true; ///< each certificate is signed by the next
    Offered tls10 = Offered::unknown;
    Offered tls11 = Offered::unknown;
    Offered tls12 = Offered::unknown;
    Offered tls13 = Offered::unknown;
    Offered static_rsa = Offered::unknown; ///< a suite with RSA key transport, in TLS 1.2 or below
    std::string static_rsa_cipher;         ///< the suite it chose

    [[nodiscard]] std::string locator() const; ///< host:port
};

} // namespace fengsui::model
