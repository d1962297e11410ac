#include "net/mail_signer.h"

#include "base/error.h"
#include "net/socket/tls_context.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace fengsui::net {

namespace {

struct CmsFree {
    void operator()(CMS_ContentInfo* content) const { CMS_ContentInfo_free(content); }
};

[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view what) {
    ERR_clear_error();
    throw base::Error(base::ErrorCode::invalid_argument, file.string() + ": " + std::string(what));
}

TlsPointer<BIO> open_file(const std::filesystem::path& file) {
    TlsPointer<BIO> bio(BIO_new_file(file.c_str(), "r"));
    if (!bio) {
        refuse(file, "cannot be read; check the name and its permissions");
    }
    return bio;
}

/// OpenSSL would ask on the terminal otherwise.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
    return -1;
}

} // namespace

struct MailSigner::State {
    TlsPointer<X509> certificate;
    TlsPointer<EVP_PKEY> key;
    TlsPointer<STACK_OF(X509)> chain{sk_X509_new_null()};
};

MailSigner::MailSigner(const std::filesystem::path& certificate, const std::filesystem::path& key)
    : state_(std::make_unique<State>()) {
    const auto certificates = open_file(certificate);
    state_->certificate.reset(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    if (!state_->certificate) {
        refuse(certificate, "no certificate (PEM) is in it");
    }
    while (X509* above = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
        sk_X509_push(state_->chain.get(), above);
    }
    const auto keys = open_file(key);
    state_->key.reset(PEM_read_bio_PrivateKey(keys.get(), nullptr, &no_pass_phrase, nullptr));
    if (!state_->key) {
        refuse(key, "no private key (PEM, without a pass phrase) is in it");
    }
    if (X509_check_private_key(state_->certificate.get(), state_->key.get()) != 1) {
        refuse(key, "the key does not belong to the certificate");
    }
    ERR_clear_error();
}

MailSigner::~MailSigner() = default;

std::string MailSigner::sign(std::string_view entity) const {
    constexpr unsigned kFlags = CMS_DETACHED | CMS_BINARY; // binary: the entity is in canonical form already
    const TlsPointer<BIO> input(BIO_new_mem_buf(entity.data(), static_cast<int>(entity.size())));
    const std::unique_ptr<CMS_ContentInfo, CmsFree> content(
        CMS_sign(nullptr, nullptr, state_->chain.get(), nullptr, kFlags | CMS_PARTIAL)
    );
    const bool is_signed =
        content && input
        && CMS_add1_signer(content.get(), state_->certificate.get(), state_->key.get(), EVP_sha256(), kFlags)
               != nullptr
        && CMS_final(content.get(), input.get(), nullptr, kFlags) == 1;
    unsigned char* bytes = nullptr;
    const int length = is_signed ? i2d_CMS_ContentInfo(content.get(), &bytes) : 0;
    if (length <= 0) {
        std::array<char, 160> why{};
        ERR_error_string_n(ERR_get_error(), why.data(), why.size());
        ERR_clear_error();
        throw base::Error(base::ErrorCode::internal, std::string("S/MIME signature: ") + why.data());
    }
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

} // namespace fengsui::net
