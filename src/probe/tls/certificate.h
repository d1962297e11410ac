// One X.509 certificate as facts (OpenSSL behind).
#pragma once

#include "model/tls.h"

#include <memory>
#include <string_view>

struct asn1_string_st;
struct x509_st;

namespace fengsui::probe::tls {

struct FreeX509 {
    void operator()(x509_st* certificate) const;
};
using X509Pointer = std::unique_ptr<x509_st, FreeX509>;

/// 1970 when it cannot be read.
base::Instant instant_of(const asn1_string_st* time);

/// Null when the bytes are not one certificate. SM2 signatures get GM/T 0009's default identity.
X509Pointer parse_certificate(std::string_view der);

/// What can be read; the digest is always there. `certificate` may be null.
model::CertificateFacts certificate_facts(std::string_view der, x509_st* certificate);

/// Names fit and `issuer`'s key verifies the signature. Dates and permissions are left aside.
bool is_issued_by(x509_st* certificate, x509_st* issuer);

} // namespace fengsui::probe::tls
