#include "probe/tls/chain.h"

#include "base/text.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace fengsui::probe::tls {

namespace {

using model::Trust;

struct FreeContext {
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
using StoreContext = std::unique_ptr<X509_STORE_CTX, FreeContext>;
/// Holds pointers only: the certificates are the caller's.
struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr std::array kBroken = {
    X509_V_ERR_CERT_SIGNATURE_FAILURE,
    X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
    X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
    X509_V_ERR_INVALID_CA,
    X509_V_ERR_INVALID_NON_CA,
    X509_V_ERR_PATH_LENGTH_EXCEEDED,
    X509_V_ERR_KEYUSAGE_NO_CERTSIGN,
    X509_V_ERR_PERMITTED_VIOLATION,
    X509_V_ERR_EXCLUDED_VIOLATION,
};
constexpr std::array kNoIssuer = {
    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
};

template <class List>
bool contains(const List& list, int value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::string subject_text(X509* certificate) {
    const auto facts = certificate_facts({}, certificate);
    return base::shorten(facts.common_name.empty() ? facts.subject : facts.common_name, 120);
}

Stack stack_of(const std::vector<X509Pointer>& sent) {
    Stack stack(sk_X509_new_null());
    for (const auto& certificate : sent) {
        sk_X509_push(stack.get(), certificate.get());
    }
    return stack;
}

StoreContext new_context(X509_STORE* store, X509* leaf, STACK_OF(X509) * untrusted) {
    StoreContext context(X509_STORE_CTX_new());
    FENGSUI_CHECK(
        context && X509_STORE_CTX_init(context.get(), store, leaf, untrusted) == 1, "X509_STORE_CTX_init"
    );
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
    X509_VERIFY_PARAM_set_auth_level(parameters, 0); // weak keys and hashes are findings of their own
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
    return context;
}

bool is_known_subject(X509_STORE* store, const X509_NAME* name) {
    const StoreContext context = new_context(store, nullptr, nullptr);
    X509_OBJECT* found = X509_STORE_CTX_get_obj_by_subject(context.get(), X509_LU_X509, name);
    const bool is_known = found != nullptr;
    X509_OBJECT_free(found);
    return is_known;
}

/// The authority key identifier may name the issuer's own issuer: if we know that root, what lacks is
/// the intermediate between (RFC 5280 4.2.1.1).
bool is_grandparent_known(X509_STORE* store, X509* top) {
    auto* identifier =
        static_cast<AUTHORITY_KEYID*>(X509_get_ext_d2i(top, NID_authority_key_identifier, nullptr, nullptr));
    bool is_known = false;
    if (identifier != nullptr) {
        for (int i = 0; i < sk_GENERAL_NAME_num(identifier->issuer); ++i) {
            const auto* name = sk_GENERAL_NAME_value(identifier->issuer, i);
            is_known =
                is_known || (name->type == GEN_DIRNAME && is_known_subject(store, name->d.directoryName));
        }
    }
    AUTHORITY_KEYID_free(identifier);
    return is_known;
}

/// The chain ends below an issuer that neither was sent nor is known. Roots are the only certificates
/// that may be left out, so mostly an intermediate lacks; only where the issuer calls itself a root and
/// nothing speaks against it is the root the unknown one.
Trust judge_missing_issuer(X509_STORE* store, X509* top) {
    char issuer[256] = {};
    X509_NAME_get_text_by_NID(X509_get_issuer_name(top), NID_commonName, issuer, sizeof issuer);
    if (certificate_facts({}, top).has_ca_issuers || is_grandparent_known(store, top)) {
        return Trust::incomplete;
    }
    for (const auto* word : {"intermediate", "issuing", "sub", "CA G"}) {
        if (base::icontains(issuer, word)) {
            return Trust::incomplete;
        }
    }
    const bool is_root = base::icontains(issuer, "root") || base::icontains(issuer, "untrusted");
    return is_root ? Trust::untrusted : Trust::incomplete;
}

/// The verifier stops at an unknown root before it looks at signatures: look ourselves.
X509* find_unsigned(STACK_OF(X509) * chain) {
    for (int i = 0; i + 1 < sk_X509_num(chain); ++i) {
        if (!is_issued_by(sk_X509_value(chain, i), sk_X509_value(chain, i + 1))) {
            return sk_X509_value(chain, i);
        }
    }
    return nullptr;
}

/// The issuer was sent and did sign, but the verifier would not take it: it may not sign.
bool has_forbidden_issuer(X509* top, const std::vector<X509Pointer>& sent) {
    return std::any_of(sent.begin(), sent.end(), [&](const X509Pointer& other) {
        return other.get() != top && is_issued_by(top, other.get());
    });
}

ChainVerdict classify(X509_STORE* store, X509_STORE_CTX* context, const std::vector<X509Pointer>& sent) {
    const int error = X509_STORE_CTX_get_error(context);
    auto* chain = X509_STORE_CTX_get0_chain(context);
    const std::string words = X509_verify_cert_error_string(error);
    if (auto* unsigned_one = find_unsigned(chain)) {
        return {Trust::broken, "certificate signature failure: " + subject_text(unsigned_one)};
    }
    auto* concerned = X509_STORE_CTX_get_current_cert(context);
    const std::string detail = concerned == nullptr ? words : words + ": " + subject_text(concerned);
    if (contains(kBroken, error)) {
        return {Trust::broken, detail};
    }
    auto* leaf = sent.front().get();
    if (error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT || is_issued_by(leaf, leaf)) {
        return {Trust::self_signed, detail};
    }
    if (error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN) {
        return {Trust::untrusted, detail};
    }
    if (contains(kNoIssuer, error) && sk_X509_num(chain) > 0) {
        auto* top = sk_X509_value(chain, sk_X509_num(chain) - 1);
        if (has_forbidden_issuer(top, sent)) {
            return {Trust::broken, "its issuer is not allowed to sign: " + subject_text(top)};
        }
        return {judge_missing_issuer(store, top), detail};
    }
    return {Trust::unknown, detail};
}

} // namespace

ChainVerdict judge_chain(x509_store_st* store, const std::vector<X509Pointer>& sent) {
    const auto untrusted = stack_of(sent);
    const auto context = new_context(store, sent.front().get(), untrusted.get());
    ChainVerdict verdict;
    if (X509_verify_cert(context.get()) == 1) {
        verdict = {Trust::trusted, X509_verify_cert_error_string(X509_V_OK)};
    } else {
        verdict = classify(store, context.get(), sent);
    }
    ERR_clear_error();
    return verdict;
}

bool is_ordered(const std::vector<X509Pointer>& sent) {
    for (std::size_t i = 0; i + 1 < sent.size(); ++i) {
        const bool is_double = std::any_of(
            sent.begin() + static_cast<std::ptrdiff_t>(i) + 1,
            sent.end(),
            [&](const X509Pointer& later) { return X509_cmp(sent[i].get(), later.get()) == 0; }
        );
        if (is_double || !is_issued_by(sent[i].get(), sent[i + 1].get())) {
            return false;
        }
    }
    return true;
}

} // namespace fengsui::probe::tls
