// What one TLS endpoint showed. Certificates as facts, so that judging needs no OpenSSL.
#pragma once

#include "base/time.h"
#include "model/address.h"
#include "model/outcome.h"

#include <functional>
#include <map>
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
    bool is_self_issued = false;        ///< subject equals issuer
    bool is_self_signed = false;        ///< and its own key verifies its signature
    bool has_ca_issuers = false;        ///< authorityInfoAccess names where the issuer's certificate is
    std::vector<std::string> key_usage; ///< RFC 5280 4.2.1.3: digitalSignature …; empty: not said
    std::vector<std::string> crl_urls;  ///< cRLDistributionPoints over http
    std::vector<std::string> ocsp_urls; ///< authorityInfoAccess over http
    std::string sha256;                 ///< of the DER, hexadecimal
    std::string spki_sha256;            ///< of the SubjectPublicKeyInfo, hexadecimal
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

/// One class of cipher suites in TLS 1.2 and below (`rc4`, `cbc_sha1` …; probe/tls/suites.h).
struct SuiteClassFacts {
    Offered offered = Offered::unknown;
    std::vector<std::string> accepted; ///< IANA names of those that the server chose; not necessarily all
};

/// What a finite-field Diffie-Hellman modulus is.
enum class Primality : std::uint8_t {
    unknown,
    safe_prime, ///< p and (p-1)/2 are prime
    prime,      ///< p is, (p-1)/2 is not: small subgroups
    composite,
};
std::string_view to_string(Primality primality);

struct DhFacts {
    Offered offered = Offered::unknown;
    int bits = 0;      ///< of the smallest modulus seen; 0: none
    std::string group; ///< its name when it is a published one (ffdhe3072, modp_2048 …)
    Primality primality = Primality::unknown;
    std::string suite;
};

/// Something accepted, and the word for it (a curve, a signature scheme, a suite).
struct NamedFact {
    Offered offered = Offered::unknown;
    std::string name;
};

enum class ClientCertificate : std::uint8_t {
    unknown,
    not_asked,
    asked,    ///< and the handshake goes on without one
    required, ///< without one the handshake, or every page, is refused
};

std::string_view to_string(ClientCertificate certificate);

/// Which of two orders a server goes by when it accepts sound and weak suites.
struct SuiteOrderFacts {
    Offered takes_weaker =
        Offered::unknown; ///< the client's weaker-first order was followed, or its own is so
    std::string chosen;
    std::string instead; ///< a sound suite that it accepts
    bool is_own_order = false;
};

/// GB/T 38636-2020 beside or instead of TLS.
struct TlcpFacts {
    Offered offered = Offered::unknown;
    std::string cipher;
    std::vector<CertificateFacts> chain; ///< as sent: signature, encryption, then issuers
    std::string detail;                  ///< `aware`: it knows TLCP but no suite was common
};

/// In the order of their weight: one source that says revoked outweighs others.
enum class Revocation : std::uint8_t { unknown, good, revoked };
std::string_view to_string(Revocation status);

struct RevocationFacts {
    std::size_t position = 0; ///< in the chain as sent
    Revocation status = Revocation::unknown;
    std::string source; ///< crl, ocsp_staple, or the address it came from
    base::Instant revoked_at{};
    std::string reason; ///< RFC 5280 5.3.1
    std::string detail; ///< why it is unknown
};

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
    // From here on what hand-made hellos showed; where a fact cannot concern a server (TLS 1.3 alone has no
    // compression) it has the harmless value.
    Outcome hellos;    ///< how the asking ended: what is unknown is so for this reason
    int questions = 0; ///< connections it took
    Offered sslv2 = Offered::unknown;
    Offered sslv3 = Offered::unknown;
    std::map<std::string, SuiteClassFacts, std::less<>> suites; ///< by class
    SuiteOrderFacts suite_order;
    DhFacts dh;
    NamedFact weak_curve;
    NamedFact weak_signature; ///< SHA-1 or MD5 under a key exchange of TLS 1.2
    Offered compression = Offered::unknown;
    Offered secure_renegotiation = Offered::unknown; ///< RFC 5746
    Offered client_renegotiation = Offered::unknown;
    Offered extended_master_secret = Offered::unknown; ///< RFC 7627
    NamedFact version_intolerance;                     ///< the name says of what
    Offered early_data = Offered::unknown;
    std::uint32_t max_early_data = 0;
    ClientCertificate client_certificate = ClientCertificate::unknown;
    TlcpFacts tlcp;
    std::vector<RevocationFacts> revocation;
    Outcome revocation_outcome; ///< of finding out about the leaf

    [[nodiscard]] const SuiteClassFacts& suite_class(std::string_view name) const;

    [[nodiscard]] std::string locator() const; ///< host:port
};

} // namespace fengsui::model
