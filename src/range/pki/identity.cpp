#include "range/pki/identity.h"

namespace fengsui::range {

namespace {

using std::chrono::hours;

constexpr hours kDay{24};

void set_dates(const Site& site, base::Instant now, CertificateOrder& order) {
    // A good certificate is some weeks old and good for 70 to 99 days more.
    const auto spread = static_cast<int>(site.seed % 30);
    order.not_before = now - (20 + spread) * kDay;
    order.not_after = now + (70 + spread) * kDay;
    if (site.has(Fault::tls_certificate_expired)) {
        order.not_before = now - 120 * kDay;
        order.not_after = now - (2 + spread) * kDay;
    } else if (site.has(Fault::tls_certificate_expiring)) {
        order.not_after = now + (3 + spread % 20) * kDay;
    } else if (site.has(Fault::tls_certificate_not_yet_valid)) {
        order.not_before = now + (2 + spread) * kDay;
        order.not_after = now + 120 * kDay;
    }
}

void set_names(const Site& site, CertificateOrder& order) {
    order.common_name = site.host;
    order.names = {site.host};
    if (site.host != site.zone) {
        order.names.push_back(site.zone);
    }
    if (site.has(Fault::tls_certificate_no_san)) {
        order.names.clear();
    } else if (site.has(Fault::tls_certificate_name_mismatch)) {
        // One label too deep for the wildcard (RFC 9525 section 6.3), or another site's certificate.
        const bool is_deep = site.host != site.zone;
        order.names = {is_deep && site.seed % 2 == 0 ? "*." + site.district : "mail." + site.zone};
        order.common_name = order.names.front();
    }
}

void set_chain(const Site& site, CertificateOrder& order) {
    if (site.has(Fault::tls_certificate_self_signed)) {
        order.chain = ChainKind::self_signed;
    } else if (site.has(Fault::tls_certificate_untrusted)) {
        order.chain = ChainKind::stranger;
    } else if (site.has(Fault::tls_certificate_chain_incomplete)) {
        order.chain = ChainKind::leaf_only;
    } else if (site.has(Fault::tls_certificate_chain_order)) {
        order.chain = ChainKind::reversed;
    }
}

} // namespace

CertificateOrder order_for(const Site& site, base::Instant now) {
    CertificateOrder order;
    order.seed = site.seed;
    set_dates(site, now, order);
    set_names(site, order);
    set_chain(site, order);
    if (site.has(Fault::tls_certificate_weak_key)) {
        order.key = KeyKind::rsa_1024;
    } else if (site.has(Fault::tls_certificate_compromised_key)) {
        order.key = KeyKind::published;
    } else if (site.has(Fault::tls_cipher_static_rsa) || site.seed % 8 == 0) {
        order.key = KeyKind::rsa_2048;
    }
    if (site.has(Fault::tls_certificate_weak_signature)) {
        order.hash = site.seed % 4 == 0 ? SignatureHash::md5 : SignatureHash::sha1;
    }
    return order;
}

CertificateOrder mail_order_for(const Site& site, base::Instant now) {
    CertificateOrder order;
    order.seed = site.seed ^ 0x6d61696cULL; // another key than the web server's
    order.common_name = site.mail_host();
    order.names = {site.mail_host()};
    order.not_before = now - 30 * kDay;
    order.not_after = now + 80 * kDay;
    return order;
}

CertificateOrder policy_order_for(const Site& site, base::Instant now) {
    auto order = mail_order_for(site, now);
    order.seed = site.seed ^ 0x737473ULL;
    order.common_name = site.policy_host();
    order.names = {site.policy_host()};
    return order;
}

} // namespace fengsui::range
