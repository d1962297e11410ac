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

std::string spf_of(const Site& site) {
    if (site.has_null_mx) {
        return "v=spf1 -all";
    }
    if (site.has(Fault::mail_spf_permissive)) {
        static constexpr std::array<const char*, 3> kOpen = {
            "v=spf1 mx a +all", "v=spf1 mx ?all", "v=spf1 a mx"};
        return kOpen[site.seed % kOpen.size()];
    }
    return site.seed % 2 == 0 ? "v=spf1 mx -all" : "v=spf1 a mx ~all";
}

std::string dmarc_of(const Site& site) {
    const auto report = "; rua=mailto:dmarc@" + site.zone;
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
    if (!site.has(Fault::mail_spf_missing)) {
        records.push_back(make_record(site.zone, DnsType::txt, spf_of(site)));
    }
}

void add_apex(const Site& site, std::vector<DnsRecord>& records) {
    const auto& zone = site.zone;
    records.push_back(soa_record(zone, "ns1." + site.district));
    records.push_back(make_record(zone, DnsType::ns, "ns1." + site.district));
    records.push_back(make_record(zone, DnsType::ns, "ns2." + site.district));
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
    if (name == "_dmarc." + site.zone && site.has_mail() && !site.has(Fault::mail_dmarc_missing)) {
        records.push_back(make_record(name, DnsType::txt, dmarc_of(site)));
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
