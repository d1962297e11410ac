#include "range/world/mend.h"

#include <algorithm>

namespace fengsui::range {

namespace {

void mend_reachability(Site& site) {
    site.faults.remove(Fault::site_unreachable);
    site.faults.remove(Fault::dns_dangling_cname);
    site.trouble = NameTrouble::none;
    site.hostile = Hostile::none;
}

void mend_private_address(Site& site) {
    site.faults.remove(Fault::dns_private_address);
    site.has_aaaa = false; // it was of the private kind too
    site.faults.add(Fault::ipv6_aaaa_missing);
}

} // namespace

Site* find_site(World& world, std::string_view target) {
    for (auto& site : world.sites) {
        const bool is_web = std::find(site.targets.begin(), site.targets.end(), target) != site.targets.end();
        if (is_web || (site.has_mail() && site.mail_target == target)) {
            return &site;
        }
    }
    return nullptr;
}

bool mend_fault(Site& site, Fault fault) {
    if (!site.has(fault) || !is_applicable(site, fault) || fault == Fault::ipv6_aaaa_missing
        || fault == Fault::port_database_open) { // its listener stays as long as the range
        return false;
    }
    switch (fault) {
    case Fault::dns_dnssec_bogus:
        site.faults.remove(fault);
        if (!site.has_aaaa) {
            site.faults.add(Fault::ipv6_aaaa_missing);
        }
        break;
    case Fault::site_unreachable:
    case Fault::dns_dangling_cname:
        mend_reachability(site);
        break;
    case Fault::dns_private_address:
        mend_private_address(site);
        break;
    case Fault::http_https_redirect_missing:
        site.faults.remove(Fault::http_https_downgrade); // else the two would send visitors to and fro
        site.faults.remove(fault);
        break;
    case Fault::tls_tls11:
        site.faults.remove(Fault::tls_tls10); // who refuses 1.1 refuses 1.0
        site.faults.remove(fault);
        break;
    case Fault::tls_cipher_cbc_sha1:
        site.faults.remove(Fault::tls_tls10); // without them nothing is left for the old versions
        site.faults.remove(Fault::tls_tls11);
        site.faults.remove(fault);
        break;
    default:
        site.faults.remove(fault);
    }
    return true;
}

} // namespace fengsui::range
