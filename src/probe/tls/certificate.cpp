#include "probe/tls/certificate.h"

#include "base/hash.h"
#include "base/text.h"

#include <climits>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <array>

namespace fengsui::probe::tls {

void FreeX509::operator()(x509_st* certificate) const {
    X509_free(certificate);
}

base::Instant instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return {};
    }
    using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
    const auto day = std::chrono::year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
    return std::chrono::sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

namespace {

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

/// More names than this are not kept: 10,000 are real (badssl), a million are an attack.
constexpr int kMaxNames = 20000;

std::string bio_text(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return data != nullptr && size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string name_text(const X509_NAME* name) {
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || name == nullptr) {
        return {};
    }
    // RFC 4514 text, but non-ASCII letters as themselves.
    X509_NAME_print_ex(
        bio.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)
    );
    return base::scrub_utf8(bio_text(bio.get()));
}

std::string string_text(const ASN1_STRING* text) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, text);
    if (size < 0) {
        return {};
    }
    std::string out(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return base::scrub_utf8(out);
}

std::string common_name(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    const auto* entry = at < 0 ? nullptr : X509_NAME_get_entry(name, at);
    return entry == nullptr ? std::string() : string_text(X509_NAME_ENTRY_get_data(entry));
}

std::string serial_text(const X509* certificate) {
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    if (number == nullptr) {
        return {};
    }
    char* text = BN_bn2hex(number); // with '-' when negative
    std::string out = text == nullptr ? std::string() : base::to_lower(text);
    OPENSSL_free(text);
    BN_free(number);
    return out;
}

void add_address(const ASN1_OCTET_STRING* octets, std::vector<model::IpAddress>& out) {
    const auto* data = ASN1_STRING_get0_data(octets);
    const int size = ASN1_STRING_length(octets);
    if (size == 4) {
        out.push_back(model::IpAddress::v4(
            static_cast<std::uint32_t>(data[0]) << 24 | static_cast<std::uint32_t>(data[1]) << 16
            | static_cast<std::uint32_t>(data[2]) << 8 | data[3]
        ));
    } else if (size == 16) {
        std::array<std::uint8_t, 16> bytes{};
        std::copy(data, data + size, bytes.begin());
        out.push_back(model::IpAddress::v6(bytes));
    }
}

void add_names(const X509* certificate, model::CertificateFacts& facts) {
    auto* names =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    const int count = std::min(sk_GENERAL_NAME_num(names), kMaxNames);
    for (int i = 0; i < count; ++i) {
        const auto* name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS) {
            facts.dns_names.push_back(base::to_lower(string_text(name->d.dNSName)));
        } else if (name->type == GEN_IPADD) {
            add_address(name->d.iPAddress, facts.ip_addresses);
        }
    }
    GENERAL_NAMES_free(names);
}

/// A certificate names a handful of addresses; more is an attack.
constexpr std::size_t kMaxUrls = 8;

void add_url(const GENERAL_NAME* name, std::vector<std::string>& out) {
    if (name->type != GEN_URI || out.size() >= kMaxUrls) {
        return;
    }
    auto url = string_text(name->d.uniformResourceIdentifier);
    if (url.starts_with("http://") || url.starts_with("https://")) {
        out.push_back(std::move(url));
    }
}

void add_access(const X509* certificate, model::CertificateFacts& facts) {
    auto* access =
        static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr));
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); ++i) {
        const auto* entry = sk_ACCESS_DESCRIPTION_value(access, i);
        const int method = OBJ_obj2nid(entry->method);
        facts.has_ca_issuers = facts.has_ca_issuers || method == NID_ad_ca_issuers;
        if (method == NID_ad_OCSP) {
            add_url(entry->location, facts.ocsp_urls);
        }
    }
    AUTHORITY_INFO_ACCESS_free(access);
}

/// RFC 5280 4.2.1.13: points that need no second issuer and hold for all reasons.
void add_crl_points(const X509* certificate, model::CertificateFacts& facts) {
    auto* points = static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)
    );
    for (int i = 0; i < sk_DIST_POINT_num(points); ++i) {
        const auto* point = sk_DIST_POINT_value(points, i);
        const bool is_plain = point->distpoint != nullptr && point->distpoint->type == 0
                              && point->CRLissuer == nullptr && point->reasons == nullptr;
        const auto* names = is_plain ? point->distpoint->name.fullname : nullptr;
        for (int k = 0; k < sk_GENERAL_NAME_num(names); ++k) {
            add_url(sk_GENERAL_NAME_value(names, k), facts.crl_urls);
        }
    }
    CRL_DIST_POINTS_free(points);
}

void add_key_usage(X509* certificate, model::CertificateFacts& facts) {
    constexpr std::array<std::pair<std::uint32_t, const char*>, 9> kUsages = {{
        {KU_DIGITAL_SIGNATURE, "digitalSignature"},
        {KU_NON_REPUDIATION, "nonRepudiation"},
        {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
        {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
        {KU_KEY_AGREEMENT, "keyAgreement"},
        {KU_KEY_CERT_SIGN, "keyCertSign"},
        {KU_CRL_SIGN, "cRLSign"},
        {KU_ENCIPHER_ONLY, "encipherOnly"},
        {KU_DECIPHER_ONLY, "decipherOnly"},
    }};
    const auto usage = X509_get_key_usage(certificate);
    for (const auto& [bit, name] : kUsages) {
        if (usage != UINT32_MAX && (usage & bit) != 0) { // UINT32_MAX: no such extension
            facts.key_usage.emplace_back(name);
        }
    }
}

std::string group_of(const EVP_PKEY* key) {
    char group[80] = {};
    std::size_t size = 0;
    return EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 ? std::string(group, size)
                                                                         : std::string();
}

std::string key_type_of(const EVP_PKEY* key, const std::string& group) {
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return "RSA";
    case EVP_PKEY_SM2:
        return "SM2";
    case EVP_PKEY_EC:
        return base::iequals(group, "SM2") ? "SM2" : "EC";
    case EVP_PKEY_ED25519:
        return "Ed25519";
    case EVP_PKEY_ED448:
        return "Ed448";
    case EVP_PKEY_DSA:
        return "DSA";
    default: {
        const char* name = EVP_PKEY_get0_type_name(key);
        return name == nullptr ? std::string() : std::string(name);
    }
    }
}

void add_key(X509* certificate, model::CertificateFacts& facts) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size > 0) {
        facts.spki_sha256 = base::sha256_hex({reinterpret_cast<char*>(der), static_cast<std::size_t>(size)});
        OPENSSL_free(der);
    }
    const auto* key = X509_get0_pubkey(certificate);
    if (key == nullptr) {
        return; // an algorithm that our OpenSSL does not know
    }
    const auto group = group_of(key);
    facts.key_type = key_type_of(key, group);
    facts.key_bits = EVP_PKEY_get_bits(key);
    if (facts.key_type == "EC" || facts.key_type == "SM2") {
        facts.curve = group;
    }
}

void add_signature(X509* certificate, model::CertificateFacts& facts) {
    const int algorithm = X509_get_signature_nid(certificate);
    const char* name = OBJ_nid2ln(algorithm);
    facts.signature_algorithm = name == nullptr ? "" : name;
    int digest = NID_undef;
    if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) != 1
        || digest == NID_undef) {
        OBJ_find_sigid_algs(algorithm, &digest, nullptr);
    }
    if (digest != NID_undef) {
        facts.signature_hash = base::to_lower(OBJ_nid2sn(digest));
    }
}

} // namespace

X509Pointer parse_certificate(std::string_view der) {
    if (der.empty() || der.size() > LONG_MAX) {
        return nullptr;
    }
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    X509Pointer certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (certificate && X509_get_signature_nid(certificate.get()) == NID_SM2_with_SM3) {
        constexpr std::string_view kIdentity = "1234567812345678"; // GM/T 0009-2012 section 10
        auto* identity = ASN1_OCTET_STRING_new();
        ASN1_OCTET_STRING_set(
            identity,
            reinterpret_cast<const unsigned char*>(kIdentity.data()),
            static_cast<int>(kIdentity.size())
        );
        X509_set0_distinguishing_id(certificate.get(), identity); // takes it
    }
    return certificate;
}

model::CertificateFacts certificate_facts(std::string_view der, x509_st* certificate) {
    model::CertificateFacts facts;
    facts.sha256 = base::sha256_hex(der);
    if (certificate == nullptr) {
        return facts;
    }
    facts.subject = name_text(X509_get_subject_name(certificate));
    facts.issuer = name_text(X509_get_issuer_name(certificate));
    facts.common_name = common_name(X509_get_subject_name(certificate));
    add_names(certificate, facts);
    facts.serial = serial_text(certificate);
    facts.not_before = instant_of(X509_get0_notBefore(certificate));
    facts.not_after = instant_of(X509_get0_notAfter(certificate));
    add_key(certificate, facts);
    add_signature(certificate, facts);
    facts.is_ca =
        X509_check_ca(certificate) == 1 || X509_check_ca(certificate) == 3; // 3: self-signed, version 1
    facts.is_self_issued =
        X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
    facts.is_self_signed = facts.is_self_issued && is_issued_by(certificate, certificate);
    add_access(certificate, facts);
    add_crl_points(certificate, facts);
    add_key_usage(certificate, facts);
    ERR_clear_error();
    return facts;
}

bool is_issued_by(x509_st* certificate, x509_st* issuer) {
    auto* key = X509_get0_pubkey(issuer);
    const bool fits = key != nullptr
                      && X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(issuer)) == 0
                      && X509_verify(certificate, key) == 1;
    ERR_clear_error();
    return fits;
}

} // namespace fengsui::probe::tls
