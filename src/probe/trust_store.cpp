#include "probe/trust_store.h"

#include "base/text.h"
#include "probe/tls/chain.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace fengsui::probe {

struct TrustStore::State {
    std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store{X509_STORE_new(), &X509_STORE_free};
};

TrustStore::TrustStore(const std::optional<std::filesystem::path>& additional)
    : state_(std::make_unique<State>()) {
    FENGSUI_CHECK(state_->store != nullptr, "X509_STORE_new");
    X509_STORE_set_default_paths(state_->store.get()
    ); // a machine without roots is no error: all are unknown then
    if (additional && X509_STORE_load_file(state_->store.get(), additional->c_str()) != 1) {
        ERR_clear_error();
        throw base::Error(
            base::ErrorCode::invalid_argument, "no PEM certificates can be read from " + additional->string()
        );
    }
    ERR_clear_error();
}

TrustStore::~TrustStore() = default;

TrustStore::Judgement TrustStore::judge(const std::vector<std::string>& certificates) const {
    Judgement judgement;
    std::vector<tls::X509Pointer> sent;
    bool is_readable = !certificates.empty();
    for (const auto& der : certificates) {
        auto certificate = tls::parse_certificate(der);
        judgement.chain.push_back(tls::certificate_facts(der, certificate.get()));
        is_readable = is_readable && certificate != nullptr;
        sent.push_back(std::move(certificate));
    }
    if (!is_readable) {
        judgement.detail = certificates.empty() ? "no certificate was sent" : "a certificate cannot be read";
        return judgement;
    }
    const auto verdict = tls::judge_chain(state_->store.get(), sent);
    judgement.trust = verdict.trust;
    judgement.detail = verdict.detail;
    judgement.is_ordered = tls::is_ordered(sent);
    return judgement;
}

} // namespace fengsui::probe
