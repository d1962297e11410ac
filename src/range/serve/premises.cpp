#include "range/serve/premises.h"

#include "base/time.h"
#include "range/pki/identity.h"

namespace fengsui::range {

namespace {

// What present servers offer (standards.md table 1.4): forward secrecy and AEAD only.
constexpr const char* kSoundCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
// TLS 1.0 and 1.1 know no AEAD, so who has them has these.
constexpr const char* kOldCiphers = ":ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA";
constexpr const char* kPhaseOutCiphers = ":ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256";
constexpr const char* kAnonymousCiphers = ":AECDH-AES128-SHA";
constexpr const char* kNullCiphers = ":ECDHE-ECDSA-NULL-SHA:ECDHE-RSA-NULL-SHA";
// Its own order decides, and ordinary visitors do not offer the first.
constexpr const char* kWeakGroups = "secp256k1:X25519:P-256:P-384";
constexpr std::uint32_t kEarlyData = 16384; // what servers allow where they allow any
constexpr const char* kStaticRsaCiphers = ":AES128-GCM-SHA256:AES256-GCM-SHA384";

void add_ciphers(const Site& site, std::string& ciphers) {
    const std::pair<Fault, const char*> wanted[] = {
        {Fault::tls_cipher_order, kPhaseOutCiphers},
        {Fault::tls_cipher_cbc_sha1, kOldCiphers},
        {Fault::tls_cipher_static_rsa, kStaticRsaCiphers},
        {Fault::tls_cipher_anonymous, kAnonymousCiphers},
        {Fault::tls_cipher_null, kNullCiphers},
    };
    for (const auto& [fault, names] : wanted) {
        if (site.has(fault)) {
            ciphers += names;
        }
    }
}

net::TlsServer::Settings settings_for(const Site& site) {
    net::TlsServer::Settings settings;
    settings.ciphers = kSoundCiphers;
    if (site.has(Fault::tls_tls10)) {
        settings.min_version = "TLSv1";
    } else if (site.has(Fault::tls_tls11)) {
        settings.min_version = "TLSv1.1";
    }
    add_ciphers(site, settings.ciphers);
    settings.prefers_own_order = !site.has(Fault::tls_cipher_order);
    settings.groups = site.has(Fault::tls_curve_weak) ? kWeakGroups : "";
    settings.signs_with_sha1 = site.has(Fault::tls_signature_hash_weak);
    settings.has_extended_master_secret = !site.has(Fault::tls_extended_master_secret_missing);
    settings.allows_client_renegotiation = site.has(Fault::tls_renegotiation_by_client);
    settings.max_early_data = site.has(Fault::tls_early_data) ? kEarlyData : 0;
    if (site.seed % 7 == 0 && !site.has(Fault::tls_early_data)) { // a matter of TLS 1.3
        settings.max_version = "TLSv1.2";
    }
    return settings;
}

} // namespace

Premises::Premises(net::Runtime& owner, const WorldPlan& plan)
    : runtime(owner), world(make_world(plan)), zones(world), answered(world.sites.size()) {
    for (const auto& site : world.sites) {
        places[site.address].sites.push_back(site.index);
    }
}

Place* Premises::find_place(const model::IpAddress& local, std::uint16_t port) {
    if (local.is_v4()) {
        const auto found = places.find(local);
        return found != places.end() ? &found->second : nullptr;
    }
    for (const auto& site : world.sites) {
        if (site.has_aaaa && site.https_port == port) {
            return &places[site.address];
        }
    }
    return nullptr;
}

std::shared_ptr<net::TlsServer> Premises::web_tls(Place& place) {
    if (!place.web_tls) {
        const auto& first = world.sites[place.sites.front()];
        auto server = std::make_shared<net::TlsServer>(settings_for(first));
        for (const auto index : place.sites) {
            const auto& site = world.sites[index];
            const auto identity = authority.issue(order_for(site, base::now()));
            server->add_identity(site.host, identity.chain_pem, identity.key_pem);
            if (site.has_mta_sts) {
                const auto policy = authority.issue(policy_order_for(site, base::now()));
                server->add_identity(site.policy_host(), policy.chain_pem, policy.key_pem);
            }
        }
        place.web_tls = std::move(server);
    }
    return place.web_tls;
}

std::shared_ptr<net::TlsServer> Premises::mail_tls(Place& place) {
    if (!place.mail_tls) {
        const auto& site = world.sites[place.sites.front()];
        net::TlsServer::Settings settings;
        settings.ciphers = kSoundCiphers;
        auto server = std::make_shared<net::TlsServer>(settings);
        const auto identity = authority.issue(mail_order_for(site, base::now()));
        server->add_identity(site.mail_host(), identity.chain_pem, identity.key_pem);
        place.mail_tls = std::move(server);
    }
    return place.mail_tls;
}

const Site* Premises::site_at(const Place& place, const std::string& host) const {
    for (const auto index : place.sites) {
        const auto& site = world.sites[index];
        if (site.host == host || site.zone == host) {
            return &site;
        }
    }
    return nullptr;
}

} // namespace fengsui::range
