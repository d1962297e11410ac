// The records of a made-up site's zone, and what makes a signed one look signed.
#pragma once

#include "net/dns_message.h"
#include "range/world/world.h"

namespace fengsui::range {

net::DnsRecord make_record(
    const std::string& name, net::DnsType type, std::string_view text, std::uint32_t ttl = 300
);
net::DnsRecord soa_record(const std::string& zone, const std::string& primary);
/// Everything that exists at `name` in the site's zone; empty: the name does not exist.
std::vector<net::DnsRecord> site_records(const Site& site, const std::string& name);
/// DNSKEY at the zone's name, and the DS that its parent holds; nothing real behind them.
net::DnsRecord key_record(const std::string& zone);
net::DnsRecord ds_record(const std::string& zone);
/// An RRSIG over the set that `sample` belongs to, valid for a week around `now_seconds`.
net::DnsRecord signature_record(
    const net::DnsRecord& sample, const std::string& zone, std::uint32_t now_seconds
);

} // namespace fengsui::range
