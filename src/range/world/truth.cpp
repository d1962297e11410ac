#include "base/json.h"
#include "range/world/world.h"

#include <algorithm>

namespace fengsui::range {

namespace {

/// Zone facts are asked of the DNS alone, so they stand whatever the site's servers do.
bool is_dns_applicable(const Site& site, Fault fault) {
    switch (fault) {
    case Fault::dns_private_address:
    case Fault::dns_dangling_cname:
        return site.trouble == NameTrouble::none;
    case Fault::dns_dnssec_bogus:
        return true;
    case Fault::dns_dangling_mx:
        return site.has_mail() && !site.has_null_mx;
    case Fault::dns_zone_transfer_open:
        return site.is_careful
               && (site.trouble == NameTrouble::none || site.trouble == NameTrouble::nxdomain);
    default:
        // A name that the DNS would not speak of leaves its zone in the dark.
        return site.trouble == NameTrouble::none || site.trouble == NameTrouble::nxdomain;
    }
}

bool is_mail_applicable(const Site& site, Fault fault) {
    if (fault == Fault::mail_mta_sts_invalid || fault == Fault::mail_tls_rpt_missing) {
        return site.has_mta_sts;
    }
    const bool needs_exchanger = fault == Fault::mail_starttls_missing || fault == Fault::mail_dane_invalid;
    return site.has_mail() && !(needs_exchanger && site.has_null_mx);
}

bool is_tls_applicable(const Site& site) {
    return site.listens_https() && site.hostile != Hostile::silent && site.hostile != Hostile::reset
           && site.hostile != Hostile::record_flood;
}

/// Over http and https alike: redirects, OPTIONS and the page.
bool is_http_applicable(const Site& site, Fault fault) {
    if (!site.is_readable()) {
        return false;
    }
    switch (fault) {
    case Fault::http_https_missing:
        return site.listens_http();
    case Fault::http_https_redirect_missing:
    case Fault::http_https_downgrade:
        return site.listens_http() && site.listens_https();
    case Fault::http_mixed_content:
        return site.listens_https() && !site.leaves_scope && !site.has(Fault::http_https_downgrade);
    case Fault::http_trace_enabled:
        return true;
    default:
        return !site.leaves_scope;
    }
}

/// Headers and cookies are judged on the final document, when there is one in scope and it is no 5xx.
bool is_document_applicable(const Site& site, Fault fault) {
    if (!site.is_readable() || site.leaves_scope || site.has(Fault::http_stack_trace)) {
        return false;
    }
    const bool needs_https = fault == Fault::header_hsts_missing || fault == Fault::header_hsts_short
                             || fault == Fault::cookie_not_secure;
    return !needs_https || (site.listens_https() && !site.has(Fault::http_https_downgrade));
}

bool is_ipv6_applicable(const Site& site, Fault fault) {
    const bool has_name = site.is_resolvable();
    return has_name && (fault == Fault::ipv6_unreachable ? site.has_aaaa && site.listens() : !site.has_aaaa);
}

void add_lines(const Site& site, const std::string& target, bool is_mail, std::vector<TruthLine>& lines) {
    for (std::size_t i = 0; i < kFaultCount; ++i) {
        const auto fault = static_cast<Fault>(i);
        const bool is_zone = fault == Fault::dns_dnssec_missing || fault == Fault::dns_caa_missing
                             || concerns_name_servers(fault);
        const bool concerns = is_mail ? concerns_mail(fault) || is_zone : !concerns_mail(fault);
        if (concerns && site.has(fault) && is_applicable(site, fault)) {
            lines.push_back({target, std::string(check_id(fault))});
        }
    }
}

} // namespace

bool is_applicable(const Site& site, Fault fault) {
    const auto area = area_of(fault);
    if (area == "dns") {
        return is_dns_applicable(site, fault);
    }
    if (area == "mail") {
        return is_mail_applicable(site, fault);
    }
    if (area == "tls") {
        return is_tls_applicable(site);
    }
    if (area == "http") {
        return is_http_applicable(site, fault);
    }
    if (area == "header" || area == "cookie") {
        return is_document_applicable(site, fault);
    }
    if (area == "script" || area == "integrity") {
        return site.is_readable() && !site.leaves_scope; // the home page tells them
    }
    if (area == "port") {
        return site.listens() && !site.shares_address;
    }
    if (area == "security_txt") {
        return site.is_readable() && site.listens_https() && !site.has(Fault::http_https_downgrade);
    }
    if (area == "exposure") {
        return site.is_readable() && site.is_careful;
    }
    return area == "ipv6" ? is_ipv6_applicable(site, fault) : true;
}

std::vector<TruthLine> truth_of(const Site& site) {
    std::vector<TruthLine> lines;
    if (!site.is_authorised) {
        return lines; // never contacted, so nothing can be claimed
    }
    for (const auto& target : site.targets) {
        add_lines(site, target, false, lines);
    }
    if (site.has_mail()) {
        add_lines(site, site.mail_target, true, lines);
    }
    return lines;
}

std::string truth_jsonl(const World& world) {
    std::string text;
    for (const auto& site : world.sites) {
        for (const auto& line : truth_of(site)) {
            base::append_text(base::Json::object({{"target", line.target}, {"check", line.check}}), text);
            text += '\n';
        }
    }
    return text;
}

} // namespace fengsui::range
