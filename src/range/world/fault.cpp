#include "range/world/fault.h"

#include <array>

namespace fengsui::range {

namespace {

constexpr std::array<std::string_view, kFaultCount> kCheckIds = {
    "site.unreachable",
    "dns.private_address",
    "dns.dnssec_missing",
    "dns.caa_missing",
    "dns.dangling_cname",
    "dns.dnssec_bogus",
    "dns.lame_delegation",
    "dns.dangling_ns",
    "dns.dangling_mx",
    "dns.zone_transfer_open",
    "mail.spf_missing",
    "mail.spf_permissive",
    "mail.dmarc_missing",
    "mail.dmarc_policy_none",
    "mail.starttls_missing",
    "mail.spf_multiple",
    "mail.spf_invalid",
    "mail.spf_lookup_limit",
    "mail.dmarc_multiple",
    "mail.dmarc_invalid",
    "mail.dmarc_report_unauthorised",
    "mail.dkim_weak_key",
    "mail.mta_sts_invalid",
    "mail.tls_rpt_missing",
    "mail.dane_invalid",
    "tls.certificate_expired",
    "tls.certificate_expiring",
    "tls.certificate_not_yet_valid",
    "tls.certificate_name_mismatch",
    "tls.certificate_no_san",
    "tls.certificate_self_signed",
    "tls.certificate_untrusted",
    "tls.certificate_chain_incomplete",
    "tls.certificate_chain_order",
    "tls.certificate_weak_signature",
    "tls.certificate_weak_key",
    "tls.certificate_compromised_key",
    "tls.tls10",
    "tls.tls11",
    "tls.cipher_static_rsa",
    "tls.cipher_cbc_sha1",
    "tls.cipher_null",
    "tls.cipher_anonymous",
    "tls.cipher_order",
    "tls.curve_weak",
    "tls.signature_hash_weak",
    "tls.early_data",
    "tls.renegotiation_by_client",
    "tls.extended_master_secret_missing",
    "http.https_missing",
    "http.https_redirect_missing",
    "http.https_downgrade",
    "http.mixed_content",
    "http.trace_enabled",
    "http.directory_listing",
    "http.default_page",
    "http.stack_trace",
    "header.hsts_missing",
    "header.hsts_short",
    "header.csp_missing",
    "header.csp_unsafe",
    "header.frame_options_missing",
    "header.content_type_options_missing",
    "header.referrer_policy_unsafe",
    "cookie.not_secure",
    "cookie.not_http_only",
    "cookie.same_site_missing",
    "security_txt.expired",
    "security_txt.invalid",
    "exposure.git_repository",
    "exposure.svn_repository",
    "exposure.environment_file",
    "exposure.backup_file",
    "exposure.sql_dump",
    "exposure.phpinfo",
    "exposure.server_status",
    "exposure.password_file",
    "exposure.ds_store",
    "exposure.log_file",
    "exposure.config_file",
    "exposure.source_map",
    "exposure.private_key",
    "exposure.api_documentation",
    "exposure.admin_panel",
    "script.integrity_missing",
    "script.unregistered_domain",
    "port.database_open",
    "integrity.hidden_link",
    "integrity.cloaked",
    "ipv6.aaaa_missing",
    "ipv6.unreachable",
};

} // namespace

std::string_view check_id(Fault fault) {
    return kCheckIds[static_cast<std::size_t>(fault)];
}

std::optional<Fault> find_fault(std::string_view check) {
    for (std::size_t i = 0; i < kCheckIds.size(); ++i) {
        if (kCheckIds[i] == check) {
            return static_cast<Fault>(i);
        }
    }
    return std::nullopt;
}

std::string_view area_of(Fault fault) {
    const auto id = check_id(fault);
    return id.substr(0, id.find('.'));
}

bool concerns_mail(Fault fault) {
    return area_of(fault) == "mail" || fault == Fault::dns_dangling_mx;
}

bool concerns_name_servers(Fault fault) {
    return fault == Fault::dns_lame_delegation || fault == Fault::dns_dangling_ns
           || fault == Fault::dns_zone_transfer_open;
}

} // namespace fengsui::range
