#include "probe/dns/probe.h"

#include "net/resolver.h"
#include "probe/dns/decode.h"

#include <algorithm>

namespace fengsui::probe::dns {

namespace {

using model::Outcome;
using model::Reason;
using net::DnsType;

/// Names may have 127 labels; nobody's zone lies this deep.
constexpr std::size_t kMaxClimb = 12;

/// Receivers give up after ten questions altogether (RFC 7208 4.6.4).
constexpr std::size_t kMaxSpfRedirects = 10;

bool is_no_name(const Outcome& outcome) {
    return outcome == model::not_reached(Reason::dns_nxdomain);
}

/// The question was answered, be it by "there is no such name".
bool is_answered(const Outcome& outcome) {
    return outcome.is_completed() || is_no_name(outcome);
}

net::Task<net::DnsAnswer> ask(Visit& visit, std::string name, DnsType type, bool wants_dnssec) {
    net::DnsAnswer answer;
    answer.outcome = visit.may_go_on();
    if (answer.outcome.is_completed()) {
        answer =
            co_await visit.services().resolver.ask(std::move(name), type, wants_dnssec, visit.deadline());
        answer.outcome = visit.settle(answer.outcome);
    }
    co_return answer;
}

void take_apex(const Apex& apex, const net::DnsMessage& message, model::DnssecFacts& facts) {
    facts.zone = apex.zone;
    facts.is_signed = apex.is_signed;
    facts.is_authenticated = message.is_authenticated;
}

/// Climbs until an SOA tells which zone the name lies in, then asks that zone for its SOA by name: only a
/// positive answer is sure to bring the signature and AD.
net::Task<model::DnssecFacts> look_at_dnssec(Visit& visit) {
    model::DnssecFacts facts;
    std::string apex_name;
    for (const auto& name : names_upward(visit.host(), kMaxClimb)) {
        const auto answer = co_await ask(visit, name, DnsType::soa, true);
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
    const auto answer = co_await ask(visit, apex_name, DnsType::soa, true);
    if (!answer.outcome.is_completed()) {
        facts.outcome = answer.outcome;
    } else if (const auto apex = find_apex(answer.message, apex_name)) {
        take_apex(*apex, answer.message, facts);
    }
    co_return facts;
}

/// RFC 8659 section 3: the first non-empty set on the way up; the resolver follows aliases.
net::Task<model::CaaFacts> look_at_caa(Visit& visit) {
    model::CaaFacts facts;
    for (const auto& name : names_upward(visit.host(), kMaxClimb)) {
        const auto answer = co_await ask(visit, name, DnsType::caa, false);
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

net::Task<model::TxtLookup> ask_spf_at(Visit& visit, std::string domain) {
    model::TxtLookup lookup;
    lookup.name = std::move(domain);
    const auto answer = co_await ask(visit, lookup.name, DnsType::txt, false);
    lookup.outcome = is_answered(answer.outcome) ? model::completed() : answer.outcome;
    lookup.records = spf_of(answers_of(answer.message, DnsType::txt));
    co_return lookup;
}

/// Questions to our own resolver only; nobody else is contacted. Where a redirect leads to no single record
/// (an error to every receiver, RFC 7208 6.1) or round in circles, the record that says so is kept.
net::Task<model::TxtLookup> ask_spf(Visit& visit) {
    auto lookup = co_await ask_spf_at(visit, visit.host());
    for (std::size_t i = 0; i < kMaxSpfRedirects && lookup.records.size() == 1; ++i) {
        const auto target = spf_redirect_of(lookup.records.front());
        if (!target) {
            break;
        }
        const auto next = co_await ask_spf_at(visit, *target);
        if (!next.outcome.is_completed()) {
            lookup.outcome = next.outcome; // what decides was not seen
            break;
        }
        if (next.records.size() != 1) {
            break;
        }
        lookup = next;
    }
    co_return lookup;
}

net::Task<model::TxtLookup> ask_dmarc(Visit& visit) {
    model::TxtLookup lookup;
    lookup.name = "_dmarc." + visit.host();
    std::vector<DmarcStep> steps;
    for (const auto& domain : dmarc_walk(visit.host())) {
        const auto answer = co_await ask(visit, "_dmarc." + domain, DnsType::txt, false);
        if (!is_answered(answer.outcome)) {
            lookup.outcome = answer.outcome; // a policy may hide there: nothing can be said
            co_return lookup;
        }
        steps.push_back({domain, dmarc_of(answers_of(answer.message, DnsType::txt))});
        const bool is_own_policy = steps.size() == 1 && !steps.front().records.empty();
        if (is_own_policy || ends_walk(steps.back())) {
            break;
        }
    }
    lookup.outcome = model::completed();
    if (const auto* policy = choose_policy(steps)) {
        lookup.name = "_dmarc." + policy->domain;
        lookup.records = policy->records;
    }
    co_return lookup;
}

/// RFC 5321 5.1: a domain without MX is its own exchanger, if it has an address.
void add_exchangers(const net::DnsMessage& message, model::MailObservation& mail) {
    const auto records = read_mx(message);
    mail.has_null_mx = records.size() == 1 && records.front().exchanger.empty();
    for (const auto& record : records) {
        if (!record.exchanger.empty()) {
            model::MailExchanger exchanger;
            exchanger.name = record.exchanger;
            exchanger.preference = record.preference;
            mail.exchangers.push_back(std::move(exchanger));
        }
    }
    if (records.empty()) {
        model::MailExchanger implicit;
        implicit.name = mail.domain;
        mail.exchangers.push_back(std::move(implicit));
    }
}

net::Task<> resolve_exchangers(Visit& visit, model::MailObservation& mail) {
    for (auto& exchanger : mail.exchangers) {
        exchanger.outcome = visit.may_go_on();
        if (!exchanger.outcome.is_completed()) {
            continue;
        }
        auto reached = co_await visit.reach_exchanger(exchanger.name);
        exchanger.resolution = std::move(reached.resolution);
        // Until somebody talks to it, all that is known is whether it may be contacted.
        exchanger.outcome =
            reached.outcome.is_completed() ? model::skipped(Reason::not_applicable) : reached.outcome;
        if (!reached.admitted.empty()) {
            exchanger.address = reached.admitted.front();
        }
    }
    const bool is_implicit = mail.exchangers.size() == 1 && mail.exchangers.front().name == mail.domain;
    if (is_implicit && mail.exchangers.front().resolution.addresses.empty()
        && is_answered(mail.exchangers.front().resolution.outcome)) {
        mail.exchangers.clear(); // neither MX nor address: it takes no mail
    }
}

Outcome together(const model::MailObservation& mail) {
    if (is_no_name(mail.mx_outcome)) {
        return mail.mx_outcome; // no domain, no mail: nothing to find fault with
    }
    for (const auto* outcome : {&mail.mx_outcome, &mail.spf.outcome, &mail.dmarc.outcome}) {
        if (outcome->is_completed()) {
            return model::completed();
        }
    }
    return mail.mx_outcome;
}

} // namespace

net::Task<model::ZoneObservation> look_at_zone(Visit& visit) {
    model::ZoneObservation zone;
    zone.dnssec = co_await look_at_dnssec(visit);
    zone.caa = co_await look_at_caa(visit);
    zone.outcome = zone.caa.outcome.is_completed() ? zone.caa.outcome : zone.dnssec.outcome;
    co_return zone;
}

net::Task<model::MailObservation> look_at_mail(Visit& visit) {
    model::MailObservation mail;
    mail.domain = visit.host();
    const auto answer = co_await ask(visit, mail.domain, DnsType::mx, false);
    mail.mx_outcome = answer.outcome;
    if (mail.mx_outcome.is_completed()) {
        add_exchangers(answer.message, mail);
        co_await resolve_exchangers(visit, mail);
    }
    mail.spf = co_await ask_spf(visit);
    mail.dmarc = co_await ask_dmarc(visit);
    mail.dns_outcome = together(mail);
    co_return mail;
}

} // namespace fengsui::probe::dns
