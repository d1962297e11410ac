// Test-only: makes certificates in memory. Nothing but *_test.cpp includes this.
#pragma once

#include "probe/tls/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace fengsui::probe::test {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

inline Key rsa_key(unsigned bits = 2048) {
    return Key(EVP_RSA_gen(bits));
}
inline Key ec_key(const char* curve = "P-256") {
    return Key(EVP_EC_gen(curve));
}
inline Key ed25519_key() {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}
inline Key sm2_key() {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
}

/// What a test certificate says. `extensions` in OpenSSL's configuration words.
struct Wanted {
    std::string subject = "leaf.test";
    std::string issuer; ///< empty: the same as the subject
    std::vector<std::pair<int, std::string>> extensions;
    const EVP_MD* digest = EVP_sha256(); ///< null for EdDSA
    long serial = 4711;
    int from_days = -1;
    int until_days = 30;
};

inline std::vector<std::pair<int, std::string>> ca_extensions() {
    return {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign,cRLSign"}};
}

inline void set_name(X509_NAME* name, const std::string& text) {
    X509_NAME_add_entry_by_txt(
        name,
        "CN",
        MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(text.data()),
        static_cast<int>(text.size()),
        -1,
        0
    );
}

inline std::string der_of(X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

/// SM2 needs its default identity (GM/T 0009) set on the signing context.
inline void sign(X509* certificate, EVP_PKEY* key, const EVP_MD* digest) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* key_context = nullptr;
    EVP_DigestSignInit(context, &key_context, digest, nullptr, key);
    if (EVP_PKEY_is_a(key, "SM2") == 1) {
        EVP_PKEY_CTX* with_id = EVP_PKEY_CTX_new(key, nullptr);
        EVP_PKEY_CTX_set1_id(with_id, "1234567812345678", 16);
        EVP_MD_CTX_set_pkey_ctx(context, with_id);
        EVP_DigestSignInit(context, nullptr, digest, nullptr, key);
        X509_sign_ctx(certificate, context);
        EVP_MD_CTX_free(context);
        EVP_PKEY_CTX_free(with_id);
        return;
    }
    X509_sign_ctx(certificate, context);
    EVP_MD_CTX_free(context);
}

/// DER, signed by `signer` (the same as `key` for a self-signed one).
inline std::string make_certificate(const Wanted& wanted, EVP_PKEY* key, EVP_PKEY* signer) {
    const tls::X509Pointer certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), wanted.serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wanted.from_days * 86400L);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wanted.until_days * 86400L);
    set_name(X509_get_subject_name(certificate.get()), wanted.subject);
    set_name(X509_get_issuer_name(certificate.get()), wanted.issuer.empty() ? wanted.subject : wanted.issuer);
    X509_set_pubkey(certificate.get(), key);
    for (const auto& [kind, text] : wanted.extensions) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, text.c_str());
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    sign(certificate.get(), signer, wanted.digest);
    return der_of(certificate.get());
}

inline std::string bio_string(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
}

inline std::string pem_of(const std::string& der) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, tls::parse_certificate(der).get());
    return bio_string(bio);
}

inline std::string pem_of(EVP_PKEY* key) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    return bio_string(bio);
}

/// A root, an intermediate below it and a leaf for `host`, all with EC keys.
struct TestChain {
    Key root_key = ec_key();
    Key middle_key = ec_key();
    Key leaf_key;
    std::string root;
    std::string middle;
    std::string leaf;

    explicit TestChain(const std::string& host, const std::string& name = "Test", Key key = ec_key())
        : leaf_key(std::move(key)) {
        root = make_certificate({name + " Root", "", ca_extensions()}, root_key.get(), root_key.get());
        middle = make_certificate(
            {name + " Intermediate", name + " Root", ca_extensions()}, middle_key.get(), root_key.get()
        );
        leaf = make_certificate(
            {host, name + " Intermediate", {{NID_subject_alt_name, "DNS:" + host}}},
            leaf_key.get(),
            middle_key.get()
        );
    }
};

/// A PEM file that goes away with the test.
class PemFile {
public:
    explicit PemFile(const std::vector<std::string>& certificates) {
        path_ = (std::filesystem::temp_directory_path() / "fengsui_roots_XXXXXX").string();
        const int file = mkstemp(path_.data());
        if (file >= 0) {
            close(file);
        }
        std::ofstream out(path_);
        for (const auto& der : certificates) {
            out << pem_of(der);
        }
    }
    ~PemFile() { std::remove(path_.c_str()); }
    PemFile(const PemFile&) = delete;
    PemFile& operator=(const PemFile&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

} // namespace fengsui::probe::test
