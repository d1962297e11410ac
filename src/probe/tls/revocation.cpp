#include "probe/tls/revocation.h"

#include <climits>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>

namespace fengsui::probe::tls {

void FreeCrl::operator()(X509_crl_st* list) const {
    X509_CRL_free(list);
}

namespace {

using model::Revocation;
using model::RevocationFacts;

struct FreeOcsp {
    void operator()(OCSP_RESPONSE* response) const { OCSP_RESPONSE_free(response); }
    void operator()(OCSP_BASICRESP* response) const { OCSP_BASICRESP_free(response); }
    void operator()(OCSP_CERTID* id) const { OCSP_CERTID_free(id); }
    void operator()(OCSP_REQUEST* request) const { OCSP_REQUEST_free(request); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(ISSUING_DIST_POINT* point) const { ISSUING_DIST_POINT_free(point); }
    /// Holds pointers only: the certificates are the response's or the caller's.
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
template <class T>
using Held = std::unique_ptr<T, FreeOcsp>;

RevocationFacts unknown(std::string detail) {
    RevocationFacts facts;
    facts.detail = std::move(detail);
    return facts;
}

std::string reason_text(long reason) {
    return reason < 0 ? std::string() : std::string(OCSP_crl_reason_str(reason));
}

/// Empty, or why an answer of that span does not hold at the instant. No end: only the beginning counts.
std::string currency_fault(const ASN1_TIME* since, const ASN1_TIME* until, base::Instant judged_at) {
    // A responder's clock may be ahead of ours.
    constexpr std::chrono::minutes kSkew{5};
    if (instant_of(since) > judged_at + kSkew) {
        return "it is from " + base::format_rfc3339(instant_of(since))
               + ", later than the instant of judging";
    }
    if (until != nullptr && instant_of(until) < judged_at) {
        return "it was to be renewed by " + base::format_rfc3339(instant_of(until));
    }
    return {};
}

/// Empty, or why a list that does not name the certificate says nothing of it (RFC 5280 5.2.5, 5.2.4).
std::string scope_fault(X509* certificate, X509_CRL* list) {
    if (X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0) {
        return "it holds changes only";
    }
    const Held<ISSUING_DIST_POINT> point(static_cast<ISSUING_DIST_POINT*>(
        X509_CRL_get_ext_d2i(list, NID_issuing_distribution_point, nullptr, nullptr)
    ));
    if (point) {
        const bool is_ca = X509_check_ca(certificate) != 0;
        const bool is_other = (point->onlyuser > 0 && is_ca) || (point->onlyCA > 0 && !is_ca)
                              || point->onlyattr > 0 || point->onlysomereasons != nullptr;
        return is_other ? "it is for other certificates" : "";
    }
    return {};
}

RevocationFacts revoked(base::Instant since, long reason) {
    RevocationFacts facts;
    facts.status = Revocation::revoked;
    facts.revoked_at = since;
    facts.reason = reason_text(reason);
    return facts;
}

long entry_reason(const X509_REVOKED* entry) {
    auto* code =
        static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr));
    const long reason = code == nullptr ? -1 : ASN1_ENUMERATED_get(code);
    ASN1_ENUMERATED_free(code);
    return reason;
}

/// Whether `signer` may answer for `issuer`, and its key verifies the answer.
bool is_signed_by(OCSP_BASICRESP* basic, X509* signer, X509* issuer) {
    if (X509_cmp(signer, issuer) != 0) {
        const bool may_answer = (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) != 0
                                && X509_get_extended_key_usage(signer) != UINT32_MAX;
        if (!may_answer || !is_issued_by(signer, issuer)) {
            return false;
        }
    }
    const Held<STACK_OF(X509)> only(sk_X509_new_null());
    sk_X509_push(only.get(), signer);
    constexpr unsigned long kSignatureOnly = OCSP_NOVERIFY | OCSP_NOINTERN;
    const bool is_good = OCSP_basic_verify(basic, only.get(), nullptr, kSignatureOnly) == 1;
    ERR_clear_error();
    return is_good;
}

bool is_authentic(OCSP_BASICRESP* basic, X509* issuer) {
    if (is_signed_by(basic, issuer, issuer)) {
        return true;
    }
    const auto* sent = OCSP_resp_get0_certs(basic);
    constexpr int kMostSigners = 10;
    for (int i = 0; i < std::min(sk_X509_num(sent), kMostSigners); ++i) {
        if (is_signed_by(basic, sk_X509_value(sent, i), issuer)) {
            return true;
        }
    }
    return false;
}

/// The response's word about the certificate, whatever hash its identifier uses.
OCSP_SINGLERESP* find_single(OCSP_BASICRESP* basic, X509* certificate, X509* issuer) {
    for (int i = 0; i < OCSP_resp_count(basic); ++i) {
        auto* single = OCSP_resp_get0(basic, i);
        ASN1_OBJECT* digest = nullptr;
        const auto* id = OCSP_SINGLERESP_get0_id(single);
        OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, const_cast<OCSP_CERTID*>(id));
        const Held<OCSP_CERTID> own(OCSP_cert_to_id(EVP_get_digestbyobj(digest), certificate, issuer));
        if (own && OCSP_id_cmp(own.get(), id) == 0) {
            return single;
        }
    }
    return nullptr;
}

RevocationFacts judge_single(OCSP_SINGLERESP* single, base::Instant judged_at) {
    int reason = -1;
    ASN1_GENERALIZEDTIME* revoked_at = nullptr;
    ASN1_GENERALIZEDTIME* since = nullptr;
    ASN1_GENERALIZEDTIME* until = nullptr;
    const int status = OCSP_single_get0_status(single, &reason, &revoked_at, &since, &until);
    if (status == V_OCSP_CERTSTATUS_REVOKED && instant_of(revoked_at) <= judged_at) {
        return revoked(instant_of(revoked_at), reason);
    }
    if (status == V_OCSP_CERTSTATUS_UNKNOWN) {
        return unknown("the responder does not know the certificate");
    }
    auto fault = currency_fault(since, until, judged_at);
    if (!fault.empty()) {
        return unknown(std::move(fault));
    }
    RevocationFacts facts;
    facts.status = Revocation::good;
    return facts;
}

} // namespace

std::vector<CrlPointer> parse_crls(std::string_view bytes) {
    std::vector<CrlPointer> lists;
    if (bytes.empty() || bytes.size() > INT_MAX) {
        return lists;
    }
    if (bytes.find("-----BEGIN") != std::string_view::npos) {
        const Held<BIO> bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
        while (X509_CRL* list = PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)) {
            lists.emplace_back(list);
        }
    } else {
        const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
        if (X509_CRL* list = d2i_X509_CRL(nullptr, &at, static_cast<long>(bytes.size()))) {
            lists.emplace_back(list);
        }
    }
    ERR_clear_error();
    return lists;
}

RevocationFacts judge_by_crl(
    x509_st* certificate, x509_st* issuer, X509_crl_st* list, base::Instant judged_at
) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(certificate)) != 0) {
        return unknown("it is another issuer's");
    }
    auto* key = X509_get0_pubkey(issuer);
    const bool is_signed = key != nullptr && X509_CRL_verify(list, key) == 1;
    ERR_clear_error();
    if (!is_signed) {
        return unknown("its signature is not the issuer's");
    }
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(list, &entry, certificate) == 1) { // 2: taken off again
        const auto since = instant_of(X509_REVOKED_get0_revocationDate(entry));
        if (since <= judged_at) {
            return revoked(since, entry_reason(entry));
        }
    }
    auto fault = currency_fault(X509_CRL_get0_lastUpdate(list), X509_CRL_get0_nextUpdate(list), judged_at);
    fault = fault.empty() ? scope_fault(certificate, list) : fault;
    if (!fault.empty()) {
        return unknown(std::move(fault));
    }
    RevocationFacts facts;
    facts.status = Revocation::good;
    return facts;
}

RevocationFacts judge_by_ocsp(
    x509_st* certificate, x509_st* issuer, std::string_view response, base::Instant judged_at
) {
    const auto* at = reinterpret_cast<const unsigned char*>(response.data());
    const Held<OCSP_RESPONSE> answer(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(response.size())));
    ERR_clear_error();
    if (!answer) {
        return unknown("it cannot be read");
    }
    if (OCSP_response_status(answer.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        return unknown(
            std::string("the responder says ") + OCSP_response_status_str(OCSP_response_status(answer.get()))
        );
    }
    const Held<OCSP_BASICRESP> basic(OCSP_response_get1_basic(answer.get()));
    ERR_clear_error();
    auto* single = basic ? find_single(basic.get(), certificate, issuer) : nullptr;
    ERR_clear_error();
    if (single == nullptr) {
        return unknown("it is about another certificate");
    }
    if (!is_authentic(basic.get(), issuer)) {
        return unknown("its signature is not the issuer's");
    }
    return judge_single(single, judged_at);
}

std::string ocsp_request(x509_st* certificate, x509_st* issuer) {
    const Held<OCSP_REQUEST> request(OCSP_REQUEST_new());
    auto* id = OCSP_cert_to_id(nullptr, certificate, issuer); // SHA-1, which every responder knows
    if (!request || id == nullptr || OCSP_request_add0_id(request.get(), id) == nullptr) {
        return {};
    }
    unsigned char* bytes = nullptr;
    const int size = i2d_OCSP_REQUEST(request.get(), &bytes);
    std::string der(
        size > 0 ? reinterpret_cast<char*>(bytes) : "", size > 0 ? static_cast<std::size_t>(size) : 0
    );
    OPENSSL_free(bytes);
    return der;
}

} // namespace fengsui::probe::tls
