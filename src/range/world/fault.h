// What can be wrong with a made-up site: one enumerator for each check id that the truth may name.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fengsui::range {

enum class Fault : std::uint8_t {
    site_unreachable,
    dns_private_address,
    dns_dnssec_missing,
    dns_caa_missing,
    dns_dangling_cname,
    dns_dnssec_bogus,
    dns_lame_delegation,
    dns_dangling_ns,
    dns_dangling_mx,
    dns_zone_transfer_open,
    mail_spf_missing,
    mail_spf_permissive,
    mail_dmarc_missing,
    mail_dmarc_policy_none,
    mail_starttls_missing,
    mail_spf_multiple,
    mail_spf_invalid,
    mail_spf_lookup_limit,
    mail_dmarc_multiple,
    mail_dmarc_invalid,
    mail_dmarc_report_unauthorised,
    mail_dkim_weak_key,
    mail_mta_sts_invalid,
    mail_tls_rpt_missing,
    mail_dane_invalid,
    tls_certificate_expired,
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
    tls_certificate_compromised_key,
    tls_tls10,
    tls_tls11,
    tls_cipher_static_rsa,
    tls_cipher_cbc_sha1,
    tls_cipher_null,
    tls_cipher_anonymous,
    tls_cipher_order,
    tls_curve_weak,
    tls_signature_hash_weak,
    tls_early_data,
    tls_renegotiation_by_client,
    tls_extended_master_secret_missing,
    http_https_missing,
    http_https_redirect_missing,
    http_https_downgrade,
    http_mixed_content,
    http_trace_enabled,
    http_directory_listing,
    http_default_page,
    http_stack_trace,
    header_hsts_missing,
    header_hsts_short,
    header_csp_missing,
    header_csp_unsafe,
    header_frame_options_missing,
    header_content_type_options_missing,
    header_referrer_policy_unsafe,
    cookie_not_secure,
    cookie_not_http_only,
    cookie_same_site_missing,
    security_txt_expired,
    security_txt_invalid,
    exposure_git_repository,
    exposure_svn_repository,
    exposure_environment_file,
    exposure_backup_file,
    exposure_sql_dump,
    exposure_phpinfo,
    exposure_server_status,
    exposure_password_file,
    exposure_ds_store,
    exposure_log_file,
    exposure_config_file,
    exposure_source_map,
    exposure_private_key,
    exposure_api_documentation,
    exposure_admin_panel,
    script_integrity_missing,
    script_unregistered_domain,
    port_database_open,
    integrity_hidden_link,
    integrity_cloaked,
    ipv6_aaaa_missing,
    ipv6_unreachable,
};

inline constexpr std::size_t kFaultCount = static_cast<std::size_t>(Fault::ipv6_unreachable) + 1;

/// The check id, e.g. `tls.certificate_expired`.
std::string_view check_id(Fault fault);
std::optional<Fault> find_fault(std::string_view check);
/// The part before the dot.
std::string_view area_of(Fault fault);
/// It can be seen at the mail domain only.
bool concerns_mail(Fault fault);
/// It lies with the zone's NS records and the servers behind them.
bool concerns_name_servers(Fault fault);

class FaultSet {
public:
    [[nodiscard]] bool has(Fault fault) const { return bits_[static_cast<std::size_t>(fault)]; }
    void add(Fault fault) { bits_.set(static_cast<std::size_t>(fault)); }
    void remove(Fault fault) { bits_.reset(static_cast<std::size_t>(fault)); }
    [[nodiscard]] bool empty() const { return bits_.none(); }
    [[nodiscard]] bool has_any(const FaultSet& others) const { return (bits_ & others.bits_).any(); }
    [[nodiscard]] std::size_t size() const { return bits_.count(); }

private:
    std::bitset<kFaultCount> bits_;
};

} // namespace fengsui::range
