#include "range/world/compose.h"

#include <initializer_list>

namespace fengsui::range {

namespace {

using enum Fault;

FaultSet set_of(std::initializer_list<Fault> faults) {
    FaultSet set;
    for (const auto fault : faults) {
        set.add(fault);
    }
    return set;
}

FaultSet areas_of(std::initializer_list<std::string_view> areas) {
    FaultSet set;
    for (std::size_t i = 0; i < kFaultCount; ++i) {
        for (const auto area : areas) {
            if (area_of(static_cast<Fault>(i)) == area) {
                set.add(static_cast<Fault>(i));
            }
        }
    }
    return set;
}

/// One certificate can be wrong in one way; pairs of a setting; kinds of home page.
std::vector<FaultSet> exclusive_groups() {
    return {
        set_of(
            {tls_certificate_expired,
             tls_certificate_expiring,
             tls_certificate_not_yet_valid,
             tls_certificate_name_mismatch,
             tls_certificate_no_san,
             tls_certificate_self_signed,
             tls_certificate_untrusted,
             tls_certificate_chain_incomplete,
             tls_certificate_chain_order,
             tls_certificate_weak_signature,
             tls_certificate_weak_key,
             tls_certificate_compromised_key}
        ),
        set_of({header_hsts_missing, header_hsts_short}),
        set_of({header_csp_missing, header_csp_unsafe}),
        set_of(
            {mail_spf_missing,
             mail_spf_permissive,
             mail_spf_multiple,
             mail_spf_invalid,
             mail_spf_lookup_limit}
        ),
        set_of({mail_dmarc_missing, mail_dmarc_policy_none, mail_dmarc_multiple, mail_dmarc_invalid}),
        set_of({mail_dmarc_missing, mail_dmarc_multiple, mail_dmarc_invalid, mail_dmarc_report_unauthorised}),
        // A policy that names the exchangers, and exchangers that it would shut out.
        set_of({mail_mta_sts_invalid, mail_starttls_missing, dns_dangling_mx}),
        set_of({mail_tls_rpt_missing, mail_starttls_missing, dns_dangling_mx}),
        set_of({security_txt_expired, security_txt_invalid}),
        set_of({http_https_missing, http_https_redirect_missing, http_https_downgrade}),
        set_of({http_default_page, http_stack_trace, http_directory_listing}),
        set_of({http_default_page, http_stack_trace, http_mixed_content}),
        set_of({http_default_page, http_stack_trace, script_integrity_missing}),
        set_of({http_default_page, http_stack_trace, script_unregistered_domain}),
        set_of({http_default_page, http_stack_trace, integrity_hidden_link}),
        set_of({http_default_page, http_stack_trace, integrity_cloaked}),
        set_of({tls_cipher_static_rsa, tls_certificate_weak_key, tls_certificate_compromised_key}),
        // A key of 1024 bits or a borrowed one is all that such a server shows.
        set_of({tls_signature_hash_weak, tls_certificate_weak_key}),
    };
}

/// What cannot be seen, or would be ambiguous, where `fault` stands.
FaultSet ruled_out_by(Fault fault) {
    switch (fault) {
    case site_unreachable:
    case dns_private_address:
    case dns_dangling_cname:
    case dns_dnssec_bogus:
        return areas_of(
            {"site",
             "tls",
             "http",
             "header",
             "cookie",
             "security_txt",
             "exposure",
             "mail",
             "dns",
             "script",
             "port",
             "integrity"}
        );
    case http_https_missing: {
        auto out = areas_of({"tls", "security_txt"});
        for (const auto other :
             {header_hsts_missing,
              header_hsts_short,
              cookie_not_secure,
              http_mixed_content,
              mail_mta_sts_invalid,
              mail_tls_rpt_missing}) {
            out.add(other);
        }
        return out;
    }
    case http_https_downgrade: {
        auto out = areas_of({"header", "cookie", "security_txt"});
        for (const auto other :
             {http_mixed_content, http_default_page, http_stack_trace, http_directory_listing}) {
            out.add(other);
        }
        return out;
    }
    case http_stack_trace:
        return areas_of({"header", "cookie"});
    case http_default_page:
        return areas_of({"cookie"});
    default:
        return {};
    }
}

std::vector<Fault> faults_of(const Site& site) {
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < kFaultCount; ++i) {
        if (site.has(static_cast<Fault>(i))) {
            faults.push_back(static_cast<Fault>(i));
        }
    }
    return faults;
}

/// A server that takes TLS 1.0 takes what lies between too, here as nearly everywhere.
void add_with_company(Site& site, Fault fault) {
    site.faults.add(fault);
    if (fault == tls_tls10) {
        site.faults.add(tls_tls11);
    }
    if (fault == tls_tls10 || fault == tls_tls11) {
        site.faults.add(tls_cipher_cbc_sha1); // they have nothing better
    }
    if (fault == dns_dangling_cname) {
        site.faults.add(site_unreachable); // the name leads nowhere
    }
    if (fault == http_https_downgrade) {
        site.faults.add(http_https_redirect_missing); // http is where everybody ends
    }
    if (area_of(fault) == "exposure" || fault == dns_zone_transfer_open) {
        site.is_careful = true;
    }
    if (fault == mail_dane_invalid) {
        site.faults.remove(dns_dnssec_missing);
    }
    if (concerns_mail(fault) && site.mail_target.empty()) {
        site.mail_target = "mail:" + site.zone;
    }
}

} // namespace

bool fits_beside(const Site& site, Fault fault) {
    if (site.has(fault) || (concerns_mail(fault) && !site.has_mail())) {
        return false;
    }
    FaultSet alone;
    alone.add(fault);
    for (const auto& group : exclusive_groups()) {
        if (group.has(fault) && site.faults.has_any(group)) {
            return false;
        }
    }
    if (site.faults.has_any(ruled_out_by(fault))) {
        return false;
    }
    for (const auto present : faults_of(site)) {
        if (ruled_out_by(present).has(fault)) {
            return false;
        }
    }
    return true;
}

std::vector<Fault> dealt_faults(const WorldPlan& plan) {
    auto left_out = set_of({dns_dnssec_missing, dns_caa_missing, ipv6_aaaa_missing, ipv6_unreachable});
    if (!plan.has_low_ports) {
        left_out.add(http_https_missing); // an http URL with a port has no https counterpart to miss
    }
    std::vector<Fault> dealt;
    for (std::size_t i = 0; i < kFaultCount; ++i) {
        const auto fault = static_cast<Fault>(i);
        // Mail, name servers and databases have their ports below 1024, or on addresses of their own.
        const bool needs_ports =
            concerns_mail(fault) || concerns_name_servers(fault) || area_of(fault) == "port";
        if (!left_out.has(fault) && (plan.has_low_ports || !needs_ports)) {
            dealt.push_back(fault);
        }
    }
    return dealt;
}

void compose_faults(
    Site& site, Fault first, unsigned extras, const std::vector<Fault>& choice, Random& random
) {
    add_with_company(site, first);
    for (unsigned i = 0; i < extras; ++i) {
        const auto fault = choice[random.index(choice.size())];
        if (fits_beside(site, fault)) {
            add_with_company(site, fault);
        }
    }
}

} // namespace fengsui::range
