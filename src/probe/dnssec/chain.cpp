#include "probe/dnssec/chain.h"

#include "base/text.h"
#include "base/time.h"
#include "probe/dns/ask.h"
#include "probe/trust_anchors.h"

#include <algorithm>
#include <array>

namespace fengsui::probe::dnssec {

namespace {

using model::DnssecState;
using net::DnsRecord;
using net::DnsType;

constexpr std::size_t kMaxZoneKeys = 32;

std::uint32_t clock_seconds() {
    const auto since = base::now().time_since_epoch();
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

/// What the zone above, or the operator, says of a zone's keys.
struct Introduction {
    std::vector<DelegationSigner> signers;
    std::vector<std::string> keys; ///< RDATA

    [[nodiscard]] bool speaks_of(std::string_view zone, const ZoneKey& key) const {
        return std::find(keys.begin(), keys.end(), key.data) != keys.end()
               || std::any_of(signers.begin(), signers.end(), [&](const DelegationSigner& ds) {
                      return is_signed_for(ds, zone, key);
                  });
    }
    /// RFC 4035 5.2: where no algorithm is known the zone counts as unsigned.
    [[nodiscard]] bool is_understood() const {
        return !keys.empty() || std::any_of(signers.begin(), signers.end(), [](const DelegationSigner& ds) {
            return is_known_algorithm(ds.algorithm) && is_known_digest(ds.digest_type);
        });
    }
};

Introduction introduction_of(const std::vector<TrustAnchor>& anchors) {
    Introduction said;
    for (const auto& anchor : anchors) {
        auto ds = anchor.is_ds ? read_ds(anchor.data) : std::nullopt;
        if (ds) {
            said.signers.push_back(std::move(*ds));
        } else if (!anchor.is_ds) {
            said.keys.push_back(anchor.data);
        }
    }
    return said;
}

void end_with(ChainVerdict& verdict, DnssecState state, std::string detail) {
    verdict.state = state;
    verdict.detail = std::move(detail);
    verdict.keys.clear();
}

std::string shown(const std::string& zone) {
    return zone.empty() ? "." : zone;
}

/// The zone's keys, when one that was spoken of signs them all. Secure or bogus.
void take_keys(
    const std::vector<DnsRecord>& answers,
    const std::string& zone,
    const Introduction& said,
    ChainVerdict& verdict
) {
    std::vector<ZoneKey> keys;
    for (const auto& record : select_set(answers, zone, DnsType::dnskey)) {
        auto key = read_key(record.data);
        if (key && keys.size() < kMaxZoneKeys) {
            keys.push_back(std::move(*key));
        }
    }
    std::vector<ZoneKey> introduced;
    std::copy_if(keys.begin(), keys.end(), std::back_inserter(introduced), [&](const ZoneKey& key) {
        return key.is_zone_key() && said.speaks_of(zone, key);
    });
    if (introduced.empty()) {
        const auto* what = keys.empty() ? "there is no DNSKEY of " : "no DNSKEY fits the DS of ";
        end_with(verdict, DnssecState::bogus, what + shown(zone));
        return;
    }
    auto held = verify_set(answers, zone, DnsType::dnskey, zone, introduced, clock_seconds());
    if (!held.holds) {
        end_with(verdict, DnssecState::bogus, std::move(held.detail));
        return;
    }
    verdict.state = DnssecState::secure;
    verdict.keys = std::move(keys);
}

net::Task<> enter_zone(Visit& visit, std::string zone, Introduction said, ChainVerdict& verdict) {
    if (!said.is_understood()) {
        end_with(
            verdict, DnssecState::insecure, "no algorithm is known that " + shown(zone) + " is signed with"
        );
        co_return;
    }
    const auto answer = co_await dns::ask(visit, zone, DnsType::dnskey, net::DnsWish::unchecked);
    if (!dns::is_answered(answer.outcome)) {
        verdict.outcome = answer.outcome;
        end_with(verdict, DnssecState::unknown, "DNSKEY of " + shown(zone));
        co_return;
    }
    take_keys(answer.message.answers, zone, said, verdict);
}

/// The DS that an answer of the parent brings, when it is the parent's. Bogus or insecure when not.
Introduction take_signers(
    const net::DnsMessage& message, const std::string& name, const std::string& parent, ChainVerdict& verdict
) {
    Introduction said;
    const auto set = select_set(message.answers, name, DnsType::ds);
    if (set.empty()) {
        switch (judge_no_ds(message.authorities, name, parent, verdict.keys, clock_seconds())) {
        case NoDs::insecure_delegation:
            end_with(verdict, DnssecState::insecure, "there is no DS of " + name);
            break;
        case NoDs::no_cut:
            break;
        case NoDs::unproven:
            end_with(verdict, DnssecState::bogus, "it is not proved that there is no DS of " + name);
        }
        return said;
    }
    auto held = verify_set(message.answers, name, DnsType::ds, parent, verdict.keys, clock_seconds());
    if (!held.holds) {
        end_with(verdict, DnssecState::bogus, std::move(held.detail));
        return said;
    }
    for (const auto& record : set) {
        if (auto ds = read_ds(record.data)) {
            said.signers.push_back(std::move(*ds));
        }
    }
    return said;
}

/// `zone` and the names between it and `top`, the nearest to `top` first.
std::vector<std::string> names_below(const std::string& top, std::string zone) {
    std::vector<std::string> names;
    while (zone.size() > top.size()) {
        names.insert(names.begin(), zone);
        const auto dot = zone.find('.');
        zone = dot == std::string::npos ? std::string() : zone.substr(dot + 1);
    }
    return names;
}

/// The zone that the set's signature names; empty when there is none.
std::string signer_of(const std::vector<DnsRecord>& records, std::string_view owner, DnsType type) {
    for (const auto& record : records) {
        const auto signature = record.type == DnsType::rrsig && base::iequals(record.name, owner)
                                   ? read_signature(record.data)
                                   : std::nullopt;
        if (signature && signature->covered == type) {
            return signature->signer;
        }
    }
    return {};
}

} // namespace

bool has_anchor(const Visit& visit, std::string_view name) {
    const auto* anchors = visit.services().anchors;
    return anchors != nullptr && !anchors->nearest(name).empty();
}

net::Task<ChainVerdict> judge_zone(Visit& visit, std::string zone) {
    ChainVerdict verdict;
    const auto anchors = visit.services().anchors->nearest(zone);
    std::string current = anchors.front().zone;
    co_await enter_zone(visit, current, introduction_of(anchors), verdict);
    if (verdict.state == DnssecState::bogus && current != zone) {
        // Nothing at all may be said where already the anchor's own zone does not answer well: most likely
        // the resolver keeps signatures to itself.
        verdict.state = DnssecState::unknown;
    }
    for (const auto& name : names_below(current, zone)) {
        if (verdict.state != DnssecState::secure) {
            break;
        }
        const auto answer = co_await dns::ask(visit, name, DnsType::ds, net::DnsWish::unchecked);
        if (!dns::is_answered(answer.outcome)) {
            verdict.outcome = answer.outcome;
            end_with(verdict, DnssecState::unknown, "DS of " + name);
            break;
        }
        const auto said = take_signers(answer.message, name, current, verdict);
        if (!said.signers.empty()) {
            current = name;
            co_await enter_zone(visit, current, said, verdict);
        }
    }
    if (verdict.state == DnssecState::secure && current != zone) {
        end_with(verdict, DnssecState::bogus, "the zone above knows of no delegation to " + zone);
    }
    co_return verdict;
}

net::Task<ChainVerdict> judge_host(Visit& visit, std::string zone, std::string host, net::DnsType type) {
    auto verdict = co_await judge_zone(visit, zone);
    const std::array<net::DnsQuestion, 2> questions = {{{zone, DnsType::soa}, {std::move(host), type}}};
    for (const auto& question : questions) {
        if (verdict.state != DnssecState::secure) {
            break;
        }
        const auto answer = co_await dns::ask(visit, question.name, question.type, net::DnsWish::unchecked);
        if (select_set(answer.message.answers, question.name, question.type).empty()) {
            continue; // an alias, or nothing: its proof decides nothing here
        }
        auto held = verify_set(
            answer.message.answers, question.name, question.type, zone, verdict.keys, clock_seconds()
        );
        if (!held.holds) {
            end_with(verdict, DnssecState::bogus, std::move(held.detail));
        }
    }
    co_return verdict;
}

net::Task<bool> is_secure(Visit& visit, std::string owner, net::DnsType type, net::DnsMessage answer) {
    if (!has_anchor(visit, owner)) {
        co_return answer.is_authenticated;
    }
    const auto zone = signer_of(answer.answers, owner, type);
    const bool is_within = zone.empty() || owner == zone || owner.ends_with("." + zone);
    if (zone.empty() || !is_within || !has_anchor(visit, zone)) {
        co_return false;
    }
    const auto verdict = co_await judge_zone(visit, zone);
    co_return verdict.state
        == DnssecState::secure&& verify_set(answer.answers, owner, type, zone, verdict.keys, clock_seconds())
               .holds;
}

} // namespace fengsui::probe::dnssec
