#include "range/dns/records.h"

#include "base/hash.h"
#include "base/text.h"
#include "range/world/random.h"

#include <algorithm>
#include <array>

namespace fengsui::range {

namespace {

using net::DnsRecord;
using net::DnsType;

constexpr std::uint8_t kEcdsaP256 = 13; // RFC 6605
constexpr std::uint32_t kDay = 86400;
/// DKIM keys; nobody has the other halves.
constexpr std::string_view kRsa1024 =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQD1NjKDCchrL08mDHENMTGnbx3D9nHZgamajf4RQlUM73IfXZUzCf"
    "2woX367lfS5FgMaD6Zg7ahw3PBha0DgITvY3LOA13WQn9kGp92q1+CUT6K5NvOTWM50upbKiR3HNxJiU2/hF/QwXRf"
    "8STqKMYfFtOpIKvHGeu1iLGswpr51QIDAQAB";
constexpr std::string_view kRsa2048 =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAyL49pLblaeebgtJ75Kepol9XCMlzCm2zwPUiL18PZKsgI0"
    "Ng6Y8g1hFgHZ2bafKwsQbcPGwX16plHAW+wFp9qQ5Eey5JnYlfnUZDvBSICnITbuY/a+wxQqagJusa9v32wbxACQ1n"
    "jPPo5gOa/jrOPBn+wCxwSOYt1x/HKrMtfdz4co/FqyeDm7L9HmNGL3Su+/6PLEm7Wx8rq/gEJoLFyEF1hl8ifbK+/r"
    "ESGUrkcQlbGysfXCQEMxydtCCWisF5vi3X4MMsuijxqQNyoJjNPptVw5Pex/QXP8XFB/qrp6a/CthrdqgwS7/Eo3G8"
    "JNBYA/wcTTgUYd/WUYUwV6bvLwIDAQAB";

void append_u16(std::uint32_t value, std::string& out) {
    out += static_cast<char>(value >> 8 & 0xff);
    out += static_cast<char>(value & 0xff);
}

void append_u32(std::uint32_t value, std::string& out) {
    append_u16(value >> 16, out);
    append_u16(value & 0xffff, out);
}

std::string wire_name(const std::string& name) {
    std::string out;
    for (const auto label : base::split(name, '.')) {
        if (!label.empty()) {
            out += static_cast<char>(label.size());
            out += label;
        }
    }
    return out + '\0';
}

std::uint32_t key_tag(const std::string& zone) {
    return static_cast<std::uint32_t>(seed_of(zone) & 0xffff);
}

std::string pseudo_bytes(const std::string& of, std::size_t size) {
    std::string bytes;
    for (unsigned round = 0; bytes.size() < size; ++round) {
        bytes += base::sha256(of + std::to_string(round));
    }
    return bytes.substr(0, size);
}

/// An address that no registry of ours lists; half of them would even answer a careless connect with nothing.
std::string private_address(const Site& site) {
    const auto byte = [&](unsigned shift) {
        return std::to_string(1 + (site.seed >> shift & 0xff) % 250);
    };
    static constexpr std::array<const char*, 3> kBlocks = {"10.", "127.250.", "192.168."};
    const auto* block = kBlocks[site.seed % kBlocks.size()];
    return block + byte(8) + "." + byte(16) + (site.seed % kBlocks.size() == 0 ? "." + byte(24) : "");
}

void add_addresses(const Site& site, const std::string& name, std::vector<DnsRecord>& records) {
    if (site.has(Fault::dns_private_address)) {
        records.push_back(make_record(name, DnsType::a, private_address(site)));
        records.push_back(
            make_record(name, DnsType::aaaa, "fd00:5eed::" + std::to_string(1 + site.seed % 9000))
        );
        return;
    }
    records.push_back(make_record(name, DnsType::a, site.address.str()));
    if (site.has_aaaa) {
        records.push_back(make_record(name, DnsType::aaaa, "::1"));
    }
}

void add_host(const Site& site, std::vector<DnsRecord>& records) {
    if (site.trouble == NameTrouble::nxdomain) {
        return;
    }
    const bool may_alias = site.host != site.zone; // RFC 1034 3.6.2
    if (site.has(Fault::dns_dangling_cname)) {
        records.push_back(make_record(
            site.host, DnsType::cname, "w" + std::to_string(site.seed % 100000) + ".cloudstage.test"
        ));
    } else if (site.has_cname_chain && may_alias) {
        records.push_back(make_record(site.host, DnsType::cname, "web." + site.zone));
    } else {
        add_addresses(site, site.host, records);
    }
}

/// Terms that need more look-ups than receivers make: eleven includes, or three names that are gone.
std::string endless_spf(const Site& site) {
    std::string text = "v=spf1 mx";
    const bool is_void = site.seed % 3 == 0;
    for (int i = 1; i <= (is_void ? 3 : 11); ++i) {
        const auto number = std::to_string(i);
        text += is_void ? " a:old" + number + "." + site.zone : " include:_spf" + number + "." + site.zone;
    }
    return text + " -all";
}

std::string spf_of(const Site& site) {
    if (site.has_null_mx) {
        return "v=spf1 -all";
    }
    if (site.has(Fault::mail_spf_invalid)) {
        static constexpr std::array<const char*, 4> kWrong = {
            "v=spf1 mx ipv4:192.0.2.10 -all",
            "v=spf1 mx, ip4:192.0.2.10 -all",
            "v=spf1 mx include:_spf.gone-provider.test -all",
            "v=spf1 mx ip4:192.0.2.0/33 ~all"};
        return kWrong[site.seed % kWrong.size()];
    }
    if (site.has(Fault::mail_spf_lookup_limit)) {
        return endless_spf(site);
    }
    if (site.has(Fault::mail_spf_permissive)) {
        static constexpr std::array<const char*, 3> kOpen = {
            "v=spf1 mx a +all", "v=spf1 mx ?all", "v=spf1 a mx"};
        return kOpen[site.seed % kOpen.size()];
    }
    return site.seed % 2 == 0 ? "v=spf1 mx -all" : "v=spf1 a mx ~all";
}

std::string dkim_of(const Site& site) {
    if (site.has(Fault::mail_dkim_weak_key)) {
        return "v=DKIM1; k=rsa; p=" + std::string(kRsa1024);
    }
    return site.seed % 2 == 0
               ? "v=DKIM1; k=rsa; p=" + std::string(kRsa2048)
               : "v=DKIM1; k=ed25519; p=" + base::base64(pseudo_bytes("dkim " + site.zone, 32));
}

std::string dmarc_of(const Site& site) {
    if (site.has(Fault::mail_dmarc_invalid)) {
        static constexpr std::array<const char*, 4> kWrong = {
            "v=DMARC1; p=block",
            "v=DMARC1 p=reject",
            "v=DMARC1; sp=reject",
            "v=DMARC1; p=quarantine; adkim=strict"};
        return kWrong[site.seed % kWrong.size()];
    }
    const bool is_outside = site.has(Fault::mail_dmarc_report_unauthorised);
    const auto report = "; rua=mailto:dmarc@" + (is_outside ? "dmarc-reports.test" : site.zone);
    if (site.has(Fault::mail_dmarc_policy_none)) {
        return site.seed % 2 == 0 ? "v=DMARC1; p=none" + report : "v=DMARC1; p=quarantine; t=y" + report;
    }
    return (site.seed % 3 == 0 ? "v=DMARC1; p=reject" : "v=DMARC1; p=quarantine") + report;
}

void add_mail(const Site& site, std::vector<DnsRecord>& records) {
    if (!site.has_mail()) {
        return;
    }
    const auto exchanger = site.has_null_mx ? std::string("0 .") : "10 " + site.mail_host();
    records.push_back(make_record(site.zone, DnsType::mx, exchanger));
    if (site.has(Fault::dns_dangling_mx)) {
        records.push_back(make_record(site.zone, DnsType::mx, "20 mx." + site.lost_domain()));
    }
    if (!site.has(Fault::mail_spf_missing)) {
        records.push_back(make_record(site.zone, DnsType::txt, spf_of(site)));
    }
    if (site.has(Fault::mail_spf_multiple)) {
        records.push_back(make_record(site.zone, DnsType::txt, "v=spf1 ip4:192.0.2.0/28 -all"));
    }
}

void add_name_servers(const Site& site, std::vector<DnsRecord>& records) {
    if (!site.has_name_servers) {
        return;
    }
    records.push_back(make_record(site.zone, DnsType::ns, "ns1." + site.district));
    // The third server knows none of the zones.
    const auto* second = site.has(Fault::dns_lame_delegation) ? "ns3." : "ns2.";
    records.push_back(make_record(site.zone, DnsType::ns, second + site.district));
    if (site.has(Fault::dns_dangling_ns)) {
        records.push_back(make_record(site.zone, DnsType::ns, "ns1." + site.lost_domain()));
    }
}

/// Names below a mail domain that say what holds for its mail.
void add_mail_policies(const Site& site, const std::string& name, std::vector<DnsRecord>& records) {
    const auto add_text = [&](const std::string& owner, const std::string& text) {
        if (name == owner + "." + site.zone) {
            records.push_back(make_record(name, DnsType::txt, text));
        }
    };
    if (!site.has(Fault::mail_dmarc_missing)) {
        add_text("_dmarc", dmarc_of(site));
    }
    if (site.has(Fault::mail_dmarc_multiple)) {
        add_text("_dmarc", "v=DMARC1; p=none");
    }
    add_text(std::string(kDkimSelector) + "._domainkey", dkim_of(site));
    for (int i = 1; i <= 11 && site.has(Fault::mail_spf_lookup_limit); ++i) {
        add_text("_spf" + std::to_string(i), "v=spf1 ip4:192.0.2." + std::to_string(i) + " -all");
    }
    if (site.has_null_mx) {
        return;
    }
    if (site.has(Fault::mail_dane_invalid) && name == "_25._tcp." + site.mail_host()) {
        DnsRecord record{
            name, DnsType::tlsa, 300, "\3\1\1"}; // DANE-EE, key, SHA-256: of a key that was replaced
        record.data += pseudo_bytes("tlsa " + site.zone, 32);
        records.push_back(std::move(record));
    }
    if (!site.has(Fault::mail_tls_rpt_missing)) {
        add_text("_smtp._tls", "v=TLSRPTv1; rua=mailto:tls@" + site.zone);
    }
    if (site.has_mta_sts) {
        const bool is_misspelt = site.has(Fault::mail_mta_sts_invalid) && site.seed % 4 == 0;
        add_text("_mta-sts", is_misspelt ? "v=STSv1; id=2026-01-01" : "v=STSv1; id=20260101T000000;");
        if (name == site.policy_host()) {
            records.push_back(make_record(name, DnsType::a, site.address.str()));
        }
    }
}

void add_apex(const Site& site, std::vector<DnsRecord>& records) {
    const auto& zone = site.zone;
    records.push_back(soa_record(zone, "ns1." + site.district));
    add_name_servers(site, records);
    if (!site.has(Fault::dns_caa_missing)) {
        records.push_back(make_record(zone, DnsType::caa, "0 issue \"ca.fengqiao.test\""));
        records.push_back(make_record(zone, DnsType::caa, "0 iodef \"mailto:safety@" + zone + "\""));
    }
    if (!site.has(Fault::dns_dnssec_missing)) {
        records.push_back(key_record(zone));
    }
    records.push_back(make_record(zone, DnsType::txt, "site-verification=" + base::hex(pseudo_bytes(zone, 8)))
    );
    add_mail(site, records);
}

} // namespace

DnsRecord make_record(const std::string& name, DnsType type, std::string_view text, std::uint32_t ttl) {
    DnsRecord record;
    record.name = name;
    record.type = type;
    record.ttl = ttl;
    record.data = net::dns_rdata(type, text);
    return record;
}

DnsRecord soa_record(const std::string& zone, const std::string& primary) {
    const auto text =
        primary + " hostmaster." + (zone.empty() ? primary : zone) + " 2026010101 7200 900 1209600 300";
    return make_record(zone, DnsType::soa, text);
}

std::vector<DnsRecord> site_records(const Site& site, const std::string& name) {
    std::vector<DnsRecord> records;
    if (name == site.zone) {
        add_apex(site, records);
    }
    if (name == site.host) {
        add_host(site, records);
    }
    if (name == "web." + site.zone && site.has_cname_chain && site.is_resolvable()) {
        records.push_back(make_record(name, DnsType::cname, "node1." + site.zone));
    }
    if (name == "node1." + site.zone && site.has_cname_chain && site.is_resolvable()) {
        add_addresses(site, name, records);
    }
    if (name == site.mail_host() && site.has_mail() && !site.has_null_mx) {
        records.push_back(make_record(name, DnsType::a, site.address.str()));
    }
    if (site.has_mail()) {
        add_mail_policies(site, name, records);
    }
    return records;
}

DnsRecord key_record(const std::string& zone) {
    DnsRecord record{zone, DnsType::dnskey, 300, {}};
    append_u16(257, record.data); // zone key, secure entry point (RFC 4034 2.1.1)
    record.data += '\3';
    record.data += static_cast<char>(kEcdsaP256);
    record.data += pseudo_bytes(zone, 64);
    return record;
}

DnsRecord ds_record(const std::string& zone) {
    DnsRecord record{zone, DnsType::ds, 300, {}};
    append_u16(key_tag(zone), record.data);
    record.data += static_cast<char>(kEcdsaP256);
    record.data += '\2'; // SHA-256
    record.data += pseudo_bytes("ds " + zone, 32);
    return record;
}

DnsRecord signature_record(const DnsRecord& sample, const std::string& zone, std::uint32_t now_seconds) {
    DnsRecord record{sample.name, DnsType::rrsig, sample.ttl, {}};
    append_u16(static_cast<std::uint32_t>(sample.type), record.data);
    record.data += static_cast<char>(kEcdsaP256);
    record.data += static_cast<char>(
        sample.name.empty() ? 0 : 1 + std::count(sample.name.begin(), sample.name.end(), '.')
    );
    append_u32(sample.ttl, record.data);
    append_u32(now_seconds + 7 * kDay, record.data);
    append_u32(now_seconds - kDay, record.data);
    append_u16(key_tag(zone), record.data);
    record.data += wire_name(zone) + pseudo_bytes(sample.name + zone, 64);
    return record;
}

} // namespace fengsui::range
