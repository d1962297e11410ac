#include "probe/dns/policies.h"

#include "base/text.h"
#include "model/mail_policy.h"
#include "probe/dns/ask.h"
#include "probe/dns/decode.h"
#include "probe/dns/tlsa.h"
#include "probe/dnssec/chain.h"

#include <algorithm>

namespace fengsui::probe::dns {

namespace {

using net::DnsType;

constexpr std::size_t kMaxDestinations = 10;
constexpr std::size_t kMaxSelectors = 10;

/// TXT records that begin with a version, at one name.
net::Task<model::TxtLookup> ask_version(Visit& visit, std::string name, std::string version) {
    model::TxtLookup lookup;
    lookup.name = std::move(name);
    const auto answer = co_await ask(visit, lookup.name, DnsType::txt);
    lookup.outcome = is_answered(answer.outcome) ? model::completed() : answer.outcome;
    for (auto& text : texts_of(answer.message)) {
        if (base::istarts_with(text, version)) {
            lookup.records.push_back(std::move(text));
        }
    }
    co_return lookup;
}

bool is_below(std::string_view name, std::string_view domain) {
    return base::iequals(name, domain)
           || (name.size() > domain.size() && base::iequals(name.substr(name.size() - domain.size()), domain)
               && name[name.size() - domain.size() - 1] == '.');
}

/// The domain that speaks for the whole organization (RFC 9989 4.10.2): the highest with a policy of its own.
net::Task<std::string> organization_of(Visit& visit, std::string domain) {
    std::vector<DmarcStep> steps;
    for (const auto& name : dmarc_walk(domain)) {
        const auto answer = co_await ask(visit, "_dmarc." + name, DnsType::txt);
        steps.push_back({name, dmarc_of(texts_of(answer.message))});
        if (ends_walk(steps.back())) {
            break;
        }
    }
    co_return organization_in(steps);
}

/// RFC 9990 section 4: a receiver outside the organization says that it wants the reports.
net::Task<> ask_destinations(Visit& visit, std::string policy_domain, model::MailObservation& mail) {
    std::vector<std::string> outside;
    for (const auto& report : model::parse_dmarc(mail.dmarc.records.front()).reports) {
        const bool is_new = std::find(outside.begin(), outside.end(), report.domain) == outside.end();
        if (is_new && !is_below(report.domain, policy_domain) && outside.size() < kMaxDestinations) {
            outside.push_back(report.domain);
        }
    }
    if (outside.empty()) {
        co_return;
    }
    const auto organization = co_await organization_of(visit, policy_domain);
    for (const auto& domain : outside) {
        if (!is_below(domain, organization)) {
            model::ReportDestination destination{domain, {}};
            destination.authorisation =
                co_await ask_version(visit, policy_domain + "._report._dmarc." + domain, "v=DMARC1");
            mail.report_destinations.push_back(std::move(destination));
        }
    }
}

std::vector<std::string> selectors_of(const model::Asset& asset) {
    std::vector<std::string> selectors;
    for (const auto& [name, value] : asset.custom) {
        if (!base::iequals(base::trim(name), "dkim_selector")) {
            continue;
        }
        std::string text = value;
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == ',' || c == ';' || c == '\n'; }, ' '
        );
        for (const auto word : base::split(text, ' ')) {
            if (!base::trim(word).empty() && selectors.size() < kMaxSelectors) {
                selectors.push_back(base::to_lower(base::trim(word)));
            }
        }
    }
    return selectors;
}

} // namespace

net::Task<> ask_dmarc(Visit& visit, model::MailObservation& mail) {
    auto& lookup = mail.dmarc;
    lookup.name = "_dmarc." + visit.host();
    std::vector<DmarcStep> steps;
    for (const auto& domain : dmarc_walk(visit.host())) {
        const auto answer = co_await ask(visit, "_dmarc." + domain, DnsType::txt);
        if (!is_answered(answer.outcome)) {
            lookup.outcome = answer.outcome; // a policy may hide there: nothing can be said
            co_return;
        }
        const auto texts = texts_of(answer.message);
        steps.push_back({domain, dmarc_of(texts)});
        if (steps.size() == 1) {
            mail.dmarc_misspelt = dmarc_misspelt(texts);
        }
        const bool is_own_policy = steps.size() == 1 && !steps.front().records.empty();
        if (is_own_policy || ends_walk(steps.back())) {
            break;
        }
    }
    lookup.outcome = model::completed();
    if (const auto* policy = choose_policy(steps)) {
        const auto domain = policy->domain;
        lookup.name = "_dmarc." + domain;
        lookup.records = policy->records;
        if (lookup.records.size() == 1) {
            co_await ask_destinations(visit, domain, mail);
        }
    }
}

net::Task<> ask_dkim(Visit& visit, model::MailObservation& mail) {
    for (const auto& selector : selectors_of(visit.asset())) {
        model::DkimKey key{selector, {}};
        key.lookup = co_await ask_version(visit, selector + "._domainkey." + mail.domain, "");
        mail.dkim_keys.push_back(std::move(key));
    }
}

net::Task<> ask_transport(Visit& visit, model::MailObservation& mail) {
    mail.mta_sts.record = co_await ask_version(visit, "_mta-sts." + mail.domain, "v=STSv1");
    mail.tls_rpt = co_await ask_version(visit, "_smtp._tls." + mail.domain, "v=TLSRPTv1");
}

net::Task<> ask_tlsa(Visit& visit, model::MailObservation& mail) {
    bool has_any = false;
    for (auto& exchanger : mail.exchangers) {
        auto& lookup = exchanger.tlsa;
        lookup.name = "_25._tcp." + exchanger.name;
        const bool is_ours = dnssec::has_anchor(visit, lookup.name);
        const auto wish = is_ours ? net::DnsWish::unchecked : net::DnsWish::dnssec;
        const auto answer = co_await ask(visit, lookup.name, DnsType::tlsa, wish);
        lookup.outcome = is_answered(answer.outcome) ? model::completed() : answer.outcome;
        lookup.records = read_tlsa(answer.message, lookup.name);
        if (!lookup.records.empty()) {
            lookup.is_secure = co_await dnssec::is_secure(visit, lookup.name, DnsType::tlsa, answer.message);
            has_any = has_any || lookup.is_secure;
        }
    }
    if (has_any) { // RFC 7672 2.2.1: without a believable MX the exchanger's records do not count
        const bool is_ours = dnssec::has_anchor(visit, mail.domain);
        const auto wish = is_ours ? net::DnsWish::unchecked : net::DnsWish::dnssec;
        const auto answer = co_await ask(visit, mail.domain, DnsType::mx, wish);
        mail.is_mx_secure = co_await dnssec::is_secure(visit, mail.domain, DnsType::mx, answer.message);
    }
}

} // namespace fengsui::probe::dns
