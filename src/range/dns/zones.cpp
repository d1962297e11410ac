#include "range/dns/zones.h"

#include "base/time.h"
#include "range/dns/records.h"

#include <algorithm>

namespace fengsui::range {

namespace {

using net::DnsCode;
using net::DnsMessage;
using net::DnsRecord;
using net::DnsType;

constexpr unsigned kMaxChain = 8;
constexpr auto kZoneTransfer = DnsType::axfr;

std::uint32_t now_seconds() {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(base::now().time_since_epoch()).count()
    );
}

/// Whether `name` is `zone` or below it.
bool is_within(const std::string& name, const std::string& zone) {
    return name == zone
           || (name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.'
           );
}

DnsMessage reply_to(const DnsMessage& query, ServerKind kind) {
    DnsMessage out;
    out.id = query.id;
    out.is_response = true;
    out.is_authoritative = kind == ServerKind::authoritative;
    out.recursion_desired = query.recursion_desired;
    out.recursion_available = kind == ServerKind::resolver;
    out.checking_disabled = query.checking_disabled;
    out.has_edns = query.has_edns;
    out.dnssec_ok = query.dnssec_ok;
    out.questions = query.questions;
    return out;
}

} // namespace

/// The zone a name lies in. Above the districts' stands the root, which is signed, as it is.
struct Zones::Place {
    std::string zone;
    std::string primary = "a.root-servers.test";
    const Site* site = nullptr;
    const District* district = nullptr;
    bool is_signed = true;
};

Zones::Zones(const World& world) : world_(world) {
    between_ = {"cn", "com.cn"}; // real suffixes: below them a site refers to what nobody has registered
    for (const auto& district : world.districts) {
        districts_.emplace(district.zone, districts_.size());
    }
    for (const auto& site : world.sites) {
        sites_.emplace(site.zone, site.index);
        auto above = site.zone.substr(site.zone.find('.') + 1);
        while (above != site.district) {
            between_.insert(above);
            above = above.substr(above.find('.') + 1);
        }
    }
}

Zones::Place Zones::locate(const std::string& name) const {
    Place place;
    for (std::size_t at = 0; at != std::string::npos && at < name.size();) {
        const auto suffix = name.substr(at);
        if (const auto site = sites_.find(suffix); site != sites_.end()) {
            place.site = &world_.sites[site->second];
            place.is_signed = !place.site->has(Fault::dns_dnssec_missing);
            place.zone = suffix;
            place.primary = "ns1." + place.site->district;
            return place;
        }
        if (const auto district = districts_.find(suffix); district != districts_.end()) {
            place.district = &world_.districts[district->second];
            place.zone = suffix;
            place.primary = "ns1." + suffix;
            return place;
        }
        const auto dot = name.find('.', at);
        at = dot == std::string::npos ? dot : dot + 1;
    }
    return place;
}

std::vector<DnsRecord> Zones::district_records(const District& district, const std::string& name) const {
    std::vector<DnsRecord> records;
    const auto& zone = district.zone;
    if (name == zone) {
        records.push_back(soa_record(zone, "ns1." + zone));
        records.push_back(make_record(zone, DnsType::ns, "ns1." + zone));
        records.push_back(make_record(zone, DnsType::ns, "ns2." + zone));
        records.push_back(key_record(zone));
    }
    for (unsigned number = 1; number <= kNameServers; ++number) {
        if (name == "ns" + std::to_string(number) + "." + zone) {
            records.push_back(make_record(name, DnsType::a, world_.name_server(number).str()));
            // Nobody registered that address: it is told, never asked.
            records.push_back(make_record(name, DnsType::aaaa, "fd00:5eed::35:" + std::to_string(number)));
        }
    }
    return records;
}

/// What stands at a name for a question of that type.
struct Zones::Look {
    Place place;
    std::string name;
    std::vector<DnsRecord> records;

    [[nodiscard]] std::vector<DnsRecord> of_type(DnsType type) const {
        std::vector<DnsRecord> matching;
        std::copy_if(
            records.begin(),
            records.end(),
            std::back_inserter(matching),
            [type](const DnsRecord& record) { return record.type == type || type == DnsType::any; }
        );
        return matching;
    }
    /// Adds the set and, when asked for and the zone is signed, its signature.
    void append(const std::vector<DnsRecord>& set, bool with_signature, std::vector<DnsRecord>& section)
        const {
        section.insert(section.end(), set.begin(), set.end());
        if (with_signature && place.is_signed && !set.empty()) {
            section.push_back(signature_record(set.front(), place.zone, now_seconds()));
        }
    }
};

Zones::Look Zones::look(const std::string& name, DnsType type) const {
    Look seen{locate(name), name, {}};
    auto& place = seen.place;
    if (type == DnsType::ds && place.site != nullptr && name == place.zone) {
        // RFC 4035 3.1.4.1: the DS is the parent's to give.
        if (place.is_signed) {
            seen.records.push_back(ds_record(name));
        }
        seen.records.push_back(make_record(name, DnsType::ns, place.primary));
        place.zone = place.site->district;
        place.is_signed = true;
    } else if (place.site != nullptr) {
        seen.records = site_records(*place.site, name);
    } else if (place.district != nullptr) {
        seen.records = district_records(*place.district, name);
    }
    return seen;
}

/// NXDOMAIN or NODATA, with the SOA that says for how long (RFC 2308).
void Zones::deny(const Look& seen, bool with_signature, DnsMessage& out) const {
    const bool is_between = between_.contains(seen.name) || (seen.place.zone.empty() && seen.name == "test");
    out.code = !seen.records.empty() || is_between ? DnsCode::no_error : DnsCode::name_error;
    seen.append({soa_record(seen.place.zone, seen.place.primary)}, with_signature, out.authorities);
}

void Zones::resolve(const net::DnsQuestion& question, ServerKind kind, bool with_signature, DnsMessage& out)
    const {
    out.is_authenticated = true;
    auto name = question.name;
    for (unsigned step = 0; step < kMaxChain; ++step) {
        const auto seen = look(name, question.type);
        out.is_authenticated = out.is_authenticated && seen.place.is_signed;
        const auto matching = seen.of_type(question.type);
        const auto alias = seen.of_type(DnsType::cname);
        if (matching.empty() && alias.empty()) {
            deny(seen, with_signature, out);
            return;
        }
        seen.append(matching.empty() ? alias : matching, with_signature, out.answers);
        if (!matching.empty()) {
            return;
        }
        name = alias.front().text();
        if (kind == ServerKind::authoritative && locate(name).zone != seen.place.zone) {
            return;
        }
    }
}

/// RFC 5936 2.2: the SOA first and last; here the whole zone fits into one message.
void Zones::transfer(const Site& site, DnsMessage& out) const {
    for (const auto& name : {site.zone, "mail." + site.zone, "www." + site.zone, "web." + site.zone}) {
        for (auto& record : site_records(site, name)) {
            out.answers.push_back(std::move(record));
        }
    }
    out.answers.push_back(soa_record(site.zone, "ns1." + site.district));
}

std::optional<DnsMessage> Zones::answer(const DnsMessage& query, ServerKind kind) const {
    auto out = reply_to(query, kind);
    if (query.questions.size() != 1 || query.is_response) {
        out.code = DnsCode::format_error;
        return out;
    }
    const auto& question = query.questions.front();
    const auto place = locate(question.name);
    const bool is_ours = place.site != nullptr || place.district != nullptr;
    if (question.type == kZoneTransfer || kind == ServerKind::stranger
        || (kind == ServerKind::authoritative && !is_ours)) {
        const bool is_open = question.type == kZoneTransfer && kind == ServerKind::authoritative
                             && place.site != nullptr && question.name == place.zone
                             && place.site->has(Fault::dns_zone_transfer_open);
        if (!is_open) {
            out.code = DnsCode::refused;
            return out;
        }
        transfer(*place.site, out);
        return out;
    }
    // A validating resolver takes what the zone says for forged, unless it is told not to check (RFC
    // 4035 3.2.2).
    const bool is_bogus = place.site != nullptr && place.site->has(Fault::dns_dnssec_bogus);
    if (is_bogus && kind == ServerKind::resolver && !query.checking_disabled) {
        out.code = DnsCode::server_failure;
        return out;
    }
    const bool is_host = place.site != nullptr && is_within(question.name, place.site->host);
    if (is_host && place.site->trouble == NameTrouble::silent) {
        return std::nullopt;
    }
    if (is_host && place.site->trouble == NameTrouble::server_failure) {
        out.code = DnsCode::server_failure;
        return out;
    }
    resolve(question, kind, query.dnssec_ok, out);
    const bool may_say =
        kind == ServerKind::resolver && (query.dnssec_ok || query.is_authenticated); // RFC 6840 5.7, 5.8
    out.is_authenticated = out.is_authenticated && may_say && !is_bogus;
    return out;
}

std::string Zones::answer(std::string_view query, ServerKind kind, std::size_t limit) const {
    const auto message = net::decode_dns(query);
    if (!message) {
        return {};
    }
    auto out = answer(*message, kind);
    const bool is_transfer = !message->questions.empty() && message->questions.front().type == kZoneTransfer;
    if (out && is_transfer && limit != 0) { // RFC 5936 4.2: never over UDP
        out->code = DnsCode::refused;
        out->answers.clear();
    }
    return out ? net::encode_dns(*out, limit) : std::string();
}

} // namespace fengsui::range
