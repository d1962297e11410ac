#include "range/serve/premises.h"

#include "base/time.h"
#include "range/pki/identity.h"

namespace fengsui::range {

namespace {

// What present servers offer (standards.md table 1.4): forward secrecy and AEAD only.
constexpr const char* kSoundCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
// TLS 1.0 and 1.1 know no AEAD.
constexpr const char* kOldCiphers = ":ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA";
constexpr const char* kStaticRsaCiphers = ":AES128-GCM-SHA256:AES256-GCM-SHA384";

net::TlsServer::Settings settings_for(const Site& site) {
    net::TlsServer::Settings settings;
    settings.ciphers = kSoundCiphers;
    if (site.has(Fault::tls_tls10)) {
        settings.min_version = "TLSv1";
    } else if (site.has(Fault::tls_tls11)) {
        settings.min_version = "TLSv1.1";
    }
    if (settings.min_version != "TLSv1.2") {
        settings.ciphers += kOldCiphers;
    }
    if (site.has(Fault::tls_cipher_static_rsa)) {
        settings.ciphers += kStaticRsaCiphers;
    }
    if (site.seed % 7 == 0) {
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
