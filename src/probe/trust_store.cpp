#include "probe/trust_store.h"

#include "base/text.h"
#include "probe/tls/chain.h"
#include "probe/tls/revocation.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <fstream>
#include <iterator>

namespace fengsui::probe {

namespace {

using model::Revocation;
using model::RevocationFacts;

std::vector<tls::CrlPointer> read_lists(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    auto lists = tls::parse_crls(bytes);
    if (lists.empty()) {
        throw base::Error(
            base::ErrorCode::invalid_argument,
            "no revocation list (PEM or DER) can be read from " + file.string()
        );
    }
    return lists;
}

std::vector<tls::X509Pointer> parse_all(const std::vector<std::string>& certificates) {
    std::vector<tls::X509Pointer> parsed;
    for (const auto& der : certificates) {
        parsed.push_back(tls::parse_certificate(der));
    }
    return parsed;
}

/// Revoked by one source is revoked; good by one is good unless another says revoked.
void weigh(RevocationFacts& known, RevocationFacts said, const std::string& source) {
    const bool is_weightier = said.status > known.status
                              || (said.status == Revocation::unknown && known.status == Revocation::unknown);
    if (!is_weightier) {
        return;
    }
    said.position = known.position;
    said.source = source;
    known = std::move(said);
}

} // namespace

struct TrustStore::State {
    std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store{X509_STORE_new(), &X509_STORE_free};
    std::vector<tls::CrlPointer> lists;

    /// Who signed it: one of those sent, or a root we know; null when neither.
    [[nodiscard]] tls::X509Pointer find_issuer(
        x509_st* certificate, const std::vector<tls::X509Pointer>& sent
    ) const;
};

tls::X509Pointer TrustStore::State::find_issuer(
    x509_st* certificate, const std::vector<tls::X509Pointer>& sent
) const {
    for (const auto& other : sent) {
        if (other && tls::is_issued_by(certificate, other.get())) {
            X509_up_ref(other.get());
            return tls::X509Pointer(other.get());
        }
    }
    const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(
        X509_STORE_CTX_new(), &X509_STORE_CTX_free
    );
    X509* issuer = nullptr;
    const bool is_found = context && X509_STORE_CTX_init(context.get(), store.get(), nullptr, nullptr) == 1
                          && X509_STORE_CTX_get1_issuer(&issuer, context.get(), certificate) == 1;
    ERR_clear_error();
    tls::X509Pointer found(is_found ? issuer : nullptr);
    return found && tls::is_issued_by(certificate, found.get()) ? std::move(found) : nullptr;
}

TrustStore::TrustStore(
    const std::optional<std::filesystem::path>& additional, const std::optional<std::filesystem::path>& lists
)
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
    if (lists) {
        state_->lists = read_lists(*lists);
    }
}

TrustStore::~TrustStore() = default;

std::vector<RevocationFacts> TrustStore::judge_revocation(const RevocationQuestion& question) const {
    std::vector<RevocationFacts> all;
    const auto sent = parse_all(question.certificates);
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const auto issuer = sent[i] ? state_->find_issuer(sent[i].get(), sent) : nullptr;
        if (!issuer || X509_cmp(issuer.get(), sent[i].get()) == 0) {
            continue; // nobody's word, or a root's own
        }
        RevocationFacts facts;
        facts.position = i;
        for (const auto& list : state_->lists) {
            weigh(
                facts, tls::judge_by_crl(sent[i].get(), issuer.get(), list.get(), question.judged_at), "crl"
            );
        }
        if (i == 0 && !question.ocsp_staple.empty()) {
            auto said =
                tls::judge_by_ocsp(sent[i].get(), issuer.get(), question.ocsp_staple, question.judged_at);
            weigh(facts, std::move(said), "ocsp_staple");
        }
        for (const auto& fetched : question.fetched) {
            if (fetched.is_ocsp && i == 0) {
                auto said =
                    tls::judge_by_ocsp(sent[i].get(), issuer.get(), fetched.bytes, question.judged_at);
                weigh(facts, std::move(said), fetched.source);
            }
            for (const auto& list :
                 fetched.is_ocsp ? std::vector<tls::CrlPointer>() : tls::parse_crls(fetched.bytes)) {
                auto said = tls::judge_by_crl(sent[i].get(), issuer.get(), list.get(), question.judged_at);
                weigh(facts, std::move(said), fetched.source);
            }
        }
        all.push_back(std::move(facts));
    }
    return all;
}

std::string TrustStore::leaf_ocsp_request(const std::vector<std::string>& certificates) const {
    const auto sent = parse_all(certificates);
    const auto issuer =
        sent.empty() || !sent.front() ? nullptr : state_->find_issuer(sent.front().get(), sent);
    return issuer ? tls::ocsp_request(sent.front().get(), issuer.get()) : std::string();
}

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
