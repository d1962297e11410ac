#include "probe/dnssec/rrset.h"

#include "base/text.h"
#include "base/time.h"
#include "net/dns_wire.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::probe::dnssec {

namespace {

using net::DnsRecord;
using net::DnsType;

// Real sets have one or two of each; hostile ones have thousands (KeyTrap, CVE-2023-50387).
constexpr std::size_t kMaxSignatures = 8;
constexpr std::size_t kMaxKeysOfOneTag = 4;
constexpr std::size_t kMaxSet = 200;
/// RFC 9276 3.2: validators treat more as unsigned.
constexpr unsigned kMaxIterations = 150;

bool is_after(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a - b) > 0; // RFC 1982
}

std::string time_text(std::uint32_t seconds) {
    return base::format_rfc3339(base::Instant(std::chrono::seconds(seconds)));
}

std::string type_text(DnsType type) {
    switch (type) {
    case DnsType::a:
        return "A";
    case DnsType::aaaa:
        return "AAAA";
    case DnsType::soa:
        return "SOA";
    case DnsType::ds:
        return "DS";
    case DnsType::dnskey:
        return "DNSKEY";
    case DnsType::nsec:
        return "NSEC";
    case DnsType::nsec3:
        return "NSEC3";
    default:
        return fmt::format("TYPE{}", static_cast<unsigned>(type));
    }
}

std::size_t label_count(std::string_view name) {
    return name.empty() ? 0 : static_cast<std::size_t>(std::count(name.begin(), name.end(), '.')) + 1;
}

/// The owner as it was signed: `*.` and its last labels when a wildcard gave the answer (RFC 4035 5.3.2).
std::string signed_owner(std::string_view owner, std::size_t labels) {
    const auto count = label_count(owner);
    if (count <= labels) {
        return std::string(owner);
    }
    for (auto drop = count - labels; drop > 0; --drop) {
        const auto dot = owner.find('.');
        owner = dot == std::string_view::npos ? std::string_view() : owner.substr(dot + 1);
    }
    return owner.empty() ? "*" : "*." + std::string(owner);
}

/// RFC 4034 3.1.8.1: the signature's own fields, then the records in canonical form and order.
std::string signed_text(const Signature& signature, std::string_view owner, std::vector<std::string> data) {
    std::string wire_owner;
    net::append_dns_name(signed_owner(owner, signature.labels), wire_owner);
    std::sort(data.begin(), data.end());
    data.erase(std::unique(data.begin(), data.end()), data.end());
    std::string text = signature.head;
    for (const auto& one : data) {
        text += wire_owner;
        net::append_u16(text, static_cast<std::uint16_t>(signature.covered));
        net::append_u16(text, 1); // IN
        net::append_u32(text, signature.ttl);
        net::append_u16(text, static_cast<std::uint16_t>(one.size()));
        text += one;
    }
    return text;
}

std::vector<Signature> select_signatures(
    const std::vector<DnsRecord>& records, std::string_view owner, DnsType type
) {
    std::vector<Signature> signatures;
    for (const auto& record : records) {
        if (record.type != DnsType::rrsig || !base::iequals(record.name, owner)) {
            continue;
        }
        auto signature = read_signature(record.data);
        if (signature && signature->covered == type && signatures.size() < kMaxSignatures) {
            signatures.push_back(std::move(*signature));
        }
    }
    return signatures;
}

bool is_made_by(
    const Signature& signature, const std::string& text, const std::vector<ZoneKey>& keys, bool& has_key
) {
    std::size_t tried = 0;
    for (const auto& key : keys) {
        const bool fits =
            key.is_zone_key() && key.tag == signature.tag && key.algorithm == signature.algorithm;
        if (!fits || ++tried > kMaxKeysOfOneTag) {
            continue;
        }
        has_key = true;
        if (verify(key, text, signature.signature)) {
            return true;
        }
    }
    return false;
}

/// Names of records of that type, each once.
std::vector<std::string> owners_of(const std::vector<DnsRecord>& records, DnsType type) {
    std::vector<std::string> owners;
    for (const auto& record : records) {
        const bool is_new = std::find(owners.begin(), owners.end(), record.name) == owners.end();
        if (record.type == type && is_new && owners.size() < kMaxSignatures) {
            owners.push_back(record.name);
        }
    }
    return owners;
}

NoDs judge_types(const TypeSet& types) {
    if (types.has(DnsType::ds) || types.has(DnsType::soa)) {
        return NoDs::unproven; // there is one after all, or the child spoke in the parent's place
    }
    return types.has(DnsType::ns) ? NoDs::insecure_delegation : NoDs::no_cut;
}

bool is_between(std::string_view owner, std::string_view name, std::string_view next) {
    const bool is_last = compare_names(next, owner) <= 0; // the last one leads back to the apex
    return compare_names(owner, name) < 0 && (is_last || compare_names(name, next) < 0);
}

/// RFC 4035 5.4: the NSEC of the name itself; or, where only names below it exist, the one before it.
NoDs judge_nsec(const DnsRecord& record, std::string_view name) {
    const auto nsec = read_nsec(record.data);
    if (!nsec) {
        return NoDs::unproven;
    }
    if (base::iequals(record.name, name)) {
        return judge_types(nsec->types);
    }
    return is_between(record.name, name, nsec->next) ? NoDs::no_cut : NoDs::unproven;
}

NoDs judge_nsec3(const DnsRecord& record, std::string_view name) {
    const auto nsec = read_nsec3(record.data);
    const auto dot = record.name.find('.');
    const auto owner = decode_base32_hex(std::string_view(record.name).substr(0, dot));
    if (!nsec || !owner || nsec->hash != 1) {
        return NoDs::unproven;
    }
    if (nsec->iterations > kMaxIterations) {
        return NoDs::insecure_delegation; // RFC 9276 3.2
    }
    const auto hash = nsec3_hash(name, nsec->salt, nsec->iterations);
    if (hash == *owner) {
        return judge_types(nsec->types);
    }
    const bool covers =
        *owner < nsec->next ? *owner < hash && hash < nsec->next : *owner < hash || hash < nsec->next;
    // RFC 5155 8.6: within an opt-out span there may be delegations that nobody signed for.
    return covers && nsec->is_opt_out ? NoDs::insecure_delegation : NoDs::unproven;
}

} // namespace

std::vector<DnsRecord> select_set(
    const std::vector<DnsRecord>& records, std::string_view owner, DnsType type
) {
    std::vector<DnsRecord> set;
    for (const auto& record : records) {
        if (record.type == type && base::iequals(record.name, owner) && set.size() < kMaxSet) {
            set.push_back(record);
        }
    }
    return set;
}

SetVerdict verify_set(
    const std::vector<DnsRecord>& records,
    std::string_view owner,
    DnsType type,
    std::string_view zone,
    const std::vector<ZoneKey>& keys,
    std::uint32_t now
) {
    std::vector<std::string> data;
    for (auto& record : select_set(records, owner, type)) {
        data.push_back(std::move(record.data));
    }
    const auto where = fmt::format("{} of {}", type_text(type), owner.empty() ? "." : owner);
    SetVerdict verdict{false, "no signature over " + where};
    for (const auto& signature : select_signatures(records, owner, type)) {
        const auto what = fmt::format("the signature over {} by key {}", where, signature.tag);
        bool has_key = false;
        if (!base::iequals(signature.signer, zone)) {
            verdict.detail = fmt::format("{} names {} as its zone", what, signature.signer);
        } else if (signature.labels > label_count(owner)) {
            verdict.detail = what + " is for a longer name"; // RFC 4035 5.3.1
        } else if (is_after(now, signature.expires)) {
            verdict.detail = fmt::format("{} expired at {}", what, time_text(signature.expires));
        } else if (is_after(signature.begins, now)) {
            verdict.detail = fmt::format("{} begins at {}", what, time_text(signature.begins));
        } else if (is_made_by(signature, signed_text(signature, owner, data), keys, has_key)) {
            return {true, {}};
        } else {
            verdict.detail = what + (has_key ? " does not fit" : " is by a key that is not the zone's");
        }
    }
    return verdict;
}

NoDs judge_no_ds(
    const std::vector<DnsRecord>& authorities,
    std::string_view name,
    std::string_view zone,
    const std::vector<ZoneKey>& keys,
    std::uint32_t now
) {
    for (const auto type : {DnsType::nsec, DnsType::nsec3}) {
        for (const auto& owner : owners_of(authorities, type)) {
            const auto set = select_set(authorities, owner, type);
            const auto judged =
                type == DnsType::nsec ? judge_nsec(set.front(), name) : judge_nsec3(set.front(), name);
            if (judged != NoDs::unproven && verify_set(authorities, owner, type, zone, keys, now).holds) {
                return judged;
            }
        }
    }
    return NoDs::unproven;
}

} // namespace fengsui::probe::dnssec
