#include "base/codec.h"
#include "base/error.h"
#include "net/mail_message.h"
#include "net/mail_signer.h"
#include "net/service_peers_for_test.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>

namespace fengsui::net {
namespace {

std::string between(
    const std::string& text, const std::string& from, const std::string& to, std::size_t at = 0
) {
    const auto begin = text.find(from, at) + from.size();
    return text.substr(begin, text.find(to, begin) - begin);
}

/// Whether the CMS signature fits these bytes and that certificate.
bool verifies(const std::string& entity, const std::string& der, const std::string& certificate_pem) {
    const std::shared_ptr<BIO> pem(
        BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())), BIO_free
    );
    const std::shared_ptr<X509> certificate(
        PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr), X509_free
    );
    const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    X509_STORE_add_cert(store.get(), certificate.get());
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const std::shared_ptr<CMS_ContentInfo> content(
        d2i_CMS_ContentInfo(nullptr, &bytes, static_cast<long>(der.size())), CMS_ContentInfo_free
    );
    const std::shared_ptr<BIO> input(
        BIO_new_mem_buf(entity.data(), static_cast<int>(entity.size())), BIO_free
    );
    return content && CMS_verify(content.get(), nullptr, store.get(), input.get(), nullptr, CMS_BINARY) == 1;
}

TEST(MailSigner, AMailCarriesADetachedSignatureOverItsBody) {
    const auto identity = test::make_identity("email:office@example.org");
    const test::TemporaryFile certificate(identity.certificate_pem);
    const test::TemporaryFile key(identity.key_pem);
    const MailSigner signer(certificate.path(), key.path());
    MailMessage message;
    message.from = "office@example.org";
    message.to = {"b@example.org"};
    message.subject = "x";
    message.text = "你好\nworld \n";
    message.html = "<p>x</p>";
    message.attachments.push_back({"a.bin", "application/octet-stream", std::string(1000, '\x80')});
    message.message_id = "a@example.org";
    const auto bytes = compose_mail(message, &signer).or_throw().bytes;
    EXPECT_NE(bytes.find("multipart/signed; protocol=\"application/pkcs7-signature\""), std::string::npos);

    const auto boundary = between(bytes, "micalg=sha-256;\r\n boundary=\"", "\"");
    const auto entity = between(bytes, "\r\n--" + boundary + "\r\n", "\r\n--" + boundary);
    const auto signature_at = bytes.find("filename=\"smime.p7s\"");
    std::string der;
    ASSERT_TRUE(base::decode_base64(between(bytes, "\r\n\r\n", "\r\n--" + boundary, signature_at), der));
    EXPECT_TRUE(verifies(entity, der, identity.certificate_pem));
    EXPECT_FALSE(verifies(entity + "x", der, identity.certificate_pem));
}

TEST(MailSigner, WrongFilesAreRefusedByName) {
    const auto one = test::make_identity("email:a@example.org");
    const auto other = test::make_identity("email:b@example.org");
    const test::TemporaryFile certificate(one.certificate_pem);
    const test::TemporaryFile key(other.key_pem);
    EXPECT_THROW(MailSigner(certificate.path(), key.path()), base::Error);
    EXPECT_THROW(MailSigner(certificate.path(), certificate.path()), base::Error);
    EXPECT_THROW(MailSigner("/nonexistent", key.path()), base::Error);
}

} // namespace
} // namespace fengsui::net
