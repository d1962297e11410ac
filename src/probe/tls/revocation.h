// Has a certificate been revoked? Lists (RFC 5280) and OCSP answers (RFC 6960), each believed only when the
// issuer signed it (OpenSSL behind).
#pragma once

#include "probe/tls/certificate.h"

#include <string>
#include <vector>

struct X509_crl_st;

namespace fengsui::probe::tls {

struct FreeCrl {
    void operator()(X509_crl_st* list) const;
};
using CrlPointer = std::unique_ptr<X509_crl_st, FreeCrl>;

/// The lists in a PEM text, or the one of DER bytes; empty when there is none.
std::vector<CrlPointer> parse_crls(std::string_view bytes);

/// What the list says of the certificate at that instant. Unknown, with the reason in `detail`, when it is
/// another issuer's, not signed by `issuer`, of another scope or not current; but who is on an old list
/// stays revoked.
model::RevocationFacts judge_by_crl(
    x509_st* certificate, x509_st* issuer, X509_crl_st* list, base::Instant judged_at
);

/// The same of an OCSPResponse, signed by the issuer or by whom it delegated (RFC 6960 4.2.2.2).
model::RevocationFacts judge_by_ocsp(
    x509_st* certificate, x509_st* issuer, std::string_view response, base::Instant judged_at
);

/// The DER of a request for one certificate, without a nonce.
std::string ocsp_request(x509_st* certificate, x509_st* issuer);

} // namespace fengsui::probe::tls
