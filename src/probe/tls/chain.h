// Where a chain of certificates leads (OpenSSL's X509_verify_cert behind), dates left aside.
#pragma once

#include "probe/tls/certificate.h"

#include <string>
#include <vector>

struct x509_store_st;

namespace fengsui::probe::tls {

struct ChainVerdict {
    model::Trust trust = model::Trust::unknown;
    std::string detail; ///< the verifier's words and the certificate concerned
};

/// `sent`: leaf first, at least one, none null.
ChainVerdict judge_chain(x509_store_st* store, const std::vector<X509Pointer>& sent);

/// Each certificate is issued by the next and none comes twice. A root at the end is no fault.
bool is_ordered(const std::vector<X509Pointer>& sent);

} // namespace fengsui::probe::tls
