#include "probe/dns/ask.h"
#include "probe/dns/decode.h"
#include "probe/dns/policies.h"
#include "probe/dns/probe.h"

#include <algorithm>

namespace fengsui::probe::dns {

namespace {

using model::Outcome;
using model::Reason;
using net::DnsType;

/// Receivers give up after ten questions altogether (RFC 7208 4.6.4).
constexpr std::size_t kMaxSpfRedirects = 10;
/// The evaluation ends by its own limits before: ten look-ups and the record that comes with each.
constexpr std::size_t kMaxSpfQuestions = 40;

net::Task<model::TxtLookup> ask_spf_at(Visit& visit, std::string domain) {
    model::TxtLookup lookup;
    lookup.name = std::move(domain);
    const auto answer = co_await ask(visit, lookup.name, DnsType::txt);
    lookup.outcome = is_answered(answer.outcome) ? model::completed() : answer.outcome;
    lookup.records = spf_of(texts_of(answer.message));
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

net::Task<model::SpfAnswer> answer_spf(Visit& visit, model::SpfQuestion question) {
    model::SpfAnswer answer{question, {}, {}};
    if (question.kind == model::SpfQuestionKind::address) {
        const auto resolution = co_await visit.services().resolver.resolve(question.name, visit.deadline());
        answer.outcome = visit.settle(resolution.outcome);
        for (const auto& address : resolution.addresses) {
            answer.records.push_back(address.str());
        }
    } else {
        const bool is_mx = question.kind == model::SpfQuestionKind::mx;
        const auto reply = co_await ask(visit, question.name, is_mx ? DnsType::mx : DnsType::txt);
        answer.outcome = reply.outcome;
        answer.records = is_mx ? answers_of(reply.message, DnsType::mx) : spf_of(texts_of(reply.message));
    }
    answer.outcome = is_answered(answer.outcome) ? model::completed() : answer.outcome;
    co_return answer;
}

/// Asks what the evaluation needs, one answer after the other.
net::Task<> evaluate_spf(Visit& visit, model::MailObservation& mail) {
    for (std::size_t i = 0; i < kMaxSpfQuestions; ++i) {
        const auto report = model::evaluate_spf(mail.domain, mail.spf_answers);
        if (!report.needed) {
            break;
        }
        auto answer = co_await answer_spf(visit, *report.needed);
        mail.spf_answers.push_back(std::move(answer));
    }
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
        if (is_no_name(exchanger.resolution.outcome)) {
            exchanger.nonexistent = co_await highest_missing(visit, exchanger.name);
        }
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

net::Task<model::MailObservation> look_at_mail(Visit& visit) {
    model::MailObservation mail;
    mail.domain = visit.host();
    const auto answer = co_await ask(visit, mail.domain, DnsType::mx);
    mail.mx_outcome = answer.outcome;
    if (mail.mx_outcome.is_completed()) {
        add_exchangers(answer.message, mail);
        co_await resolve_exchangers(visit, mail);
        co_await ask_tlsa(visit, mail);
    }
    mail.spf = co_await ask_spf(visit);
    co_await evaluate_spf(visit, mail);
    co_await ask_dmarc(visit, mail);
    co_await ask_dkim(visit, mail);
    co_await ask_transport(visit, mail);
    mail.dns_outcome = together(mail);
    co_return mail;
}

} // namespace fengsui::probe::dns
