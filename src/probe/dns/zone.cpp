#include "probe/dns/ask.h"
#include "probe/dns/decode.h"
#include "probe/dns/probe.h"
#include "probe/dnssec/chain.h"

namespace fengsui::probe::dns {

namespace {

using model::DnssecState;
using model::Reason;
using net::DnsType;

/// Names may have 127 labels; nobody's zone lies this deep.
constexpr std::size_t kMaxClimb = 12;

void take_apex(const Apex& apex, const net::DnsMessage& message, model::DnssecFacts& facts) {
    facts.zone = apex.zone;
    facts.is_signed = apex.is_signed;
    facts.is_authenticated = message.is_authenticated;
}

/// Climbs until an SOA tells which zone the name lies in, then asks that zone for its SOA by name: only a
/// positive answer is sure to bring the signature and AD.
net::Task<model::DnssecFacts> read_apex(Visit& visit, net::DnsWish wish) {
    model::DnssecFacts facts;
    std::string apex_name;
    for (const auto& name : names_upward(visit.host(), kMaxClimb)) {
        const auto answer = co_await ask(visit, name, DnsType::soa, wish);
        if (!is_answered(answer.outcome)) {
            facts.outcome = answer.outcome;
            co_return facts;
        }
        facts.outcome = model::completed();
        const auto apex = find_apex(answer.message, name);
        if (!apex) {
            continue;
        }
        take_apex(*apex, answer.message, facts);
        if (apex->is_answer || apex->zone.empty()) {
            co_return facts;
        }
        apex_name = apex->zone;
        break;
    }
    if (apex_name.empty()) {
        co_return facts;
    }
    const auto answer = co_await ask(visit, apex_name, DnsType::soa, wish);
    if (!answer.outcome.is_completed()) {
        facts.outcome = answer.outcome;
    } else if (const auto apex = find_apex(answer.message, apex_name)) {
        take_apex(*apex, answer.message, facts);
    }
    co_return facts;
}

/// What the target is asked for first.
DnsType main_type(const Visit& visit) {
    return visit.asset().target.kind == model::AssetKind::mail ? DnsType::mx : DnsType::a;
}

/// A validating resolver says SERVFAIL and, with checking disabled, the answer (RFC 4035 3.2.2): it is bogus.
net::Task<bool> is_bogus_to_resolver(Visit& visit, std::string name, DnsType type) {
    const auto checked = co_await ask(visit, name, type, net::DnsWish::dnssec);
    if (checked.outcome != model::not_reached(Reason::dns_servfail)) {
        co_return false;
    }
    const auto unchecked = co_await ask(visit, name, type, net::DnsWish::unchecked);
    co_return is_answered(unchecked.outcome);
}

void set_bogus(model::DnssecFacts& facts, std::string detail) {
    facts.state = DnssecState::bogus;
    facts.is_authenticated = false;
    facts.detail = std::move(detail);
}

net::Task<> judge_by_resolver(Visit& visit, model::DnssecFacts& facts) {
    if (facts.outcome == model::not_reached(Reason::dns_servfail)) {
        const auto second = co_await read_apex(visit, net::DnsWish::unchecked);
        if (second.outcome.is_completed() && !second.zone.empty()) {
            facts = second;
            set_bogus(facts, "SERVFAIL for SOA, and an answer with checking disabled");
        }
        co_return;
    }
    if (!facts.outcome.is_completed()) {
        co_return;
    }
    facts.state = facts.is_authenticated ? DnssecState::secure : DnssecState::unknown;
    bool is_bogus = false;
    if (facts.is_signed) {
        is_bogus = co_await is_bogus_to_resolver(visit, visit.host(), main_type(visit));
    }
    if (is_bogus) {
        set_bogus(facts, "SERVFAIL for " + visit.host() + ", and an answer with checking disabled");
    }
}

/// RFC 4035 section 5, by the operator's anchors and the machine's clock.
net::Task<> judge_by_anchor(Visit& visit, model::DnssecFacts& facts) {
    facts.is_judged_by_anchor = true;
    if (!facts.outcome.is_completed() || facts.zone.empty() || !dnssec::has_anchor(visit, facts.zone)) {
        co_return;
    }
    auto verdict = co_await dnssec::judge_host(visit, facts.zone, visit.host(), main_type(visit));
    facts.state = verdict.state;
    facts.is_authenticated = verdict.state == DnssecState::secure;
    facts.detail = std::move(verdict.detail);
    if (!verdict.outcome.is_completed()) {
        facts.outcome = verdict.outcome;
    }
}

net::Task<model::DnssecFacts> look_at_dnssec(Visit& visit) {
    const bool is_ours = dnssec::has_anchor(visit, visit.host());
    // What does not hold must be seen as well, if it is we who judge.
    const auto wish = is_ours ? net::DnsWish::unchecked : net::DnsWish::dnssec;
    auto facts = co_await read_apex(visit, wish);
    if (is_ours) {
        co_await judge_by_anchor(visit, facts);
    } else {
        co_await judge_by_resolver(visit, facts);
    }
    co_return facts;
}

/// RFC 8659 section 3: the first non-empty set on the way up; the resolver follows aliases.
net::Task<model::CaaFacts> look_at_caa(Visit& visit) {
    model::CaaFacts facts;
    for (const auto& name : names_upward(visit.host(), kMaxClimb)) {
        const auto answer = co_await ask(visit, name, DnsType::caa);
        if (!is_answered(answer.outcome)) {
            facts.outcome = answer.outcome;
            co_return facts;
        }
        facts.records = answers_of(answer.message, DnsType::caa);
        if (!facts.records.empty()) {
            facts.found_at = name;
            break;
        }
    }
    facts.outcome = model::completed();
    co_return facts;
}

} // namespace

net::Task<model::ZoneObservation> look_at_zone(Visit& visit) {
    model::ZoneObservation zone;
    zone.dnssec = co_await look_at_dnssec(visit);
    zone.caa = co_await look_at_caa(visit);
    zone.outcome = zone.caa.outcome.is_completed() ? zone.caa.outcome : zone.dnssec.outcome;
    co_return zone;
}

} // namespace fengsui::probe::dns
