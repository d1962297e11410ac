#include "range/pki/authority.h"

#include "range/pki/keys.h"
#include "range/pki/test_keys.h"

#include <vector>

namespace fengsui::range {

namespace {

using Extension = std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>>;

constexpr const char* kRootName = "Fengqiao Root R1";
constexpr const char* kIntermediateName = "Fengqiao Server CA 2";
constexpr const char* kStrangerName = "Yunhe Network Service Root";
constexpr const char* kIssuersUrl = "caIssuers;URI:http://ca.fengqiao.test/server-ca-2.cer";

void set_time(ASN1_TIME* time, base::Instant at) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
    require(ASN1_TIME_set(time, static_cast<time_t>(seconds)) != nullptr, "a date");
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension");
}

void set_name(X509_NAME* name, const std::string& common_name, bool is_ca) {
    const auto add = [&](const char* field, const std::string& value) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
        require(
            X509_NAME_add_entry_by_txt(
                name, field, MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1, 0
            ) == 1,
            "a name"
        );
    };
    add("C", "CN");
    add("O", is_ca ? "Fengqiao Trust Services" : "Fengqiao District");
    add("CN", common_name.substr(0, 64)); // X.520: ub-common-name
}

struct Draft {
    std::string common_name;
    std::uint64_t serial = 1;
    base::Instant not_before{};
    base::Instant not_after{};
    bool is_ca = false;
};

Certificate draft(const Draft& facts, EVP_PKEY* key) {
    Certificate certificate(X509_new());
    require(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "a certificate");
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), facts.serial);
    set_time(X509_getm_notBefore(certificate.get()), facts.not_before);
    set_time(X509_getm_notAfter(certificate.get()), facts.not_after);
    set_name(X509_get_subject_name(certificate.get()), facts.common_name, facts.is_ca);
    require(X509_set_pubkey(certificate.get(), key) == 1, "a public key");
    return certificate;
}

const EVP_MD* digest_of(SignatureHash hash) {
    switch (hash) {
    case SignatureHash::sha1:
        return EVP_sha1();
    case SignatureHash::md5:
        return EVP_md5();
    case SignatureHash::sha256:
        break;
    }
    return EVP_sha256();
}

struct Signer {
    Certificate certificate;
    Key key;
    std::string pem;
};

void sign(X509* certificate, X509* issuer, EVP_PKEY* key, SignatureHash hash) {
    require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1, "an issuer's name");
    require(X509_sign(certificate, key, digest_of(hash)) > 0, "a signature");
}

/// RSA signatures of PKCS #1 v1.5 have no randomness, so these are the same bytes each time.
Signer make_signer(const char* name, TestKey key_name, std::uint64_t serial, const Signer* issuer) {
    using std::chrono::sys_days, std::chrono::year;
    Signer made;
    made.key = read_key(test_key_pem(key_name));
    const Draft facts{name, serial, sys_days(year(2020) / 1 / 1), sys_days(year(2049) / 12 / 31), true};
    made.certificate = draft(facts, made.key.get());
    X509* parent = issuer != nullptr ? issuer->certificate.get() : made.certificate.get();
    add_extension(
        made.certificate.get(),
        parent,
        NID_basic_constraints,
        issuer != nullptr ? "critical,CA:TRUE,pathlen:0" : "critical,CA:TRUE"
    );
    add_extension(made.certificate.get(), parent, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(made.certificate.get(), parent, NID_subject_key_identifier, "hash");
    if (issuer != nullptr) {
        require(
            X509_set_issuer_name(made.certificate.get(), X509_get_subject_name(parent)) == 1,
            "an issuer's name"
        );
        add_extension(made.certificate.get(), parent, NID_authority_key_identifier, "keyid:always");
    }
    sign(
        made.certificate.get(),
        parent,
        issuer != nullptr ? issuer->key.get() : made.key.get(),
        SignatureHash::sha256
    );
    made.pem = certificate_pem_of(made.certificate.get());
    return made;
}

Key key_for(const CertificateOrder& order) {
    switch (order.key) {
    case KeyKind::rsa_2048:
        return read_key(test_key_pem(TestKey::leaf));
    case KeyKind::rsa_1024:
        return read_key(test_key_pem(TestKey::short_leaf));
    case KeyKind::published:
        return read_key(test_key_pem(TestKey::published));
    case KeyKind::p256:
        break;
    }
    return derive_p256_key(order.seed);
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "DNS:" : ",DNS:") + name;
    }
    return text;
}

} // namespace

struct Authority::State {
    Signer root = make_signer(kRootName, TestKey::root, 1, nullptr);
    Signer intermediate = make_signer(kIntermediateName, TestKey::intermediate, 2, &root);
    Signer stranger = make_signer(kStrangerName, TestKey::stranger, 1, nullptr);

    [[nodiscard]] std::string chain_after(ChainKind kind) const {
        switch (kind) {
        case ChainKind::complete:
            return intermediate.pem;
        case ChainKind::reversed:
            return root.pem + intermediate.pem;
        case ChainKind::stranger:
            return stranger.pem;
        default:
            return {};
        }
    }
};

Authority::Authority() : state_(std::make_unique<State>()) {}
Authority::~Authority() = default;
const std::string& Authority::trust_pem() const {
    return state_->root.pem;
}

Identity Authority::issue(const CertificateOrder& order) const {
    const auto key = key_for(order);
    const Draft facts{order.common_name, order.seed >> 1 | 1, order.not_before, order.not_after, false};
    const auto leaf = draft(facts, key.get());
    const bool is_own = order.chain == ChainKind::self_signed;
    const Signer& signer = order.chain == ChainKind::stranger ? state_->stranger : state_->intermediate;
    X509* issuer = is_own ? leaf.get() : signer.certificate.get();
    require(X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer)) == 1, "an issuer's name");
    add_extension(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(leaf.get(), issuer, NID_key_usage, "critical,digitalSignature,keyEncipherment");
    add_extension(leaf.get(), issuer, NID_ext_key_usage, "serverAuth");
    add_extension(leaf.get(), issuer, NID_subject_key_identifier, "hash");
    if (!is_own) {
        add_extension(leaf.get(), issuer, NID_authority_key_identifier, "keyid:always");
    }
    if (order.chain == ChainKind::complete || order.chain == ChainKind::leaf_only
        || order.chain == ChainKind::reversed) {
        add_extension(leaf.get(), issuer, NID_info_access, kIssuersUrl);
    }
    if (!order.names.empty()) {
        add_extension(leaf.get(), issuer, NID_subject_alt_name, alternative_names(order.names));
    }
    sign(leaf.get(), issuer, is_own ? key.get() : signer.key.get(), order.hash);
    return {certificate_pem_of(leaf.get()) + state_->chain_after(order.chain), key_pem_of(key.get())};
}

} // namespace fengsui::range
