#include "model/json/mail.h"

#include "model/json/fields.h"
#include "model/json/names.h"

namespace fengsui::model {

namespace {

using base::Json;

MailExchanger read_exchanger(const Json& json) {
    MailExchanger exchanger;
    Fields in(json);
    in.text("name", exchanger.name);
    in.number("preference", exchanger.preference);
    if (const Json* resolution = in.take("resolution")) {
        exchanger.resolution = read_resolution(*resolution);
    }
    in.outcome("outcome", exchanger.outcome, completed());
    if (const Json* address = in.take("address")) {
        exchanger.address = parsed(IpAddress::parse(address->as_string()), *address, "address");
    }
    in.text("banner", exchanger.banner);
    in.texts("extensions", exchanger.extensions);
    in.flag("offers_starttls", exchanger.offers_starttls);
    in.offered("starttls_accepted", exchanger.starttls_accepted);
    if (const Json* tls = in.take("tls")) {
        exchanger.tls = read_tls_endpoint(*tls);
    }
    if (const Json* tlsa = in.take("tlsa")) {
        exchanger.tlsa = read_tlsa(*tlsa);
    }
    in.text("nonexistent", exchanger.nonexistent);
    in.finish();
    return exchanger;
}

SpfAnswer read_spf_answer(const Json& json) {
    SpfAnswer answer;
    Fields in(json);
    std::string kind = "txt";
    in.text("kind", kind);
    const auto known = parse_spf_question_kind(kind);
    if (!known) {
        throw bad_field(json, fmt::format("kind: \"{}\" is not txt, address or mx", kind));
    }
    answer.question.kind = *known;
    in.text("name", answer.question.name);
    in.outcome("outcome", answer.outcome, completed());
    in.texts("records", answer.records);
    in.finish();
    return answer;
}

ReportDestination read_destination(const Json& json) {
    ReportDestination destination;
    Fields in(json);
    in.text("domain", destination.domain);
    if (const Json* lookup = in.take("authorisation")) {
        destination.authorisation = read_txt(*lookup);
    }
    in.finish();
    return destination;
}

DkimKey read_dkim_key(const Json& json) {
    DkimKey key;
    Fields in(json);
    in.text("selector", key.selector);
    if (const Json* lookup = in.take("lookup")) {
        key.lookup = read_txt(*lookup);
    }
    in.finish();
    return key;
}

MtaStsObservation read_mta_sts(const Json& json) {
    MtaStsObservation sts;
    Fields in(json);
    if (const Json* record = in.take("record")) {
        sts.record = read_txt(*record);
    }
    if (const Json* policy = in.take("policy")) {
        sts.policy = read_http_exchange(*policy);
    }
    if (const Json* endpoint = in.take("endpoint")) {
        sts.endpoint = read_tls_endpoint(*endpoint);
    }
    in.outcome("outcome", sts.outcome, completed());
    in.finish();
    return sts;
}

} // namespace

MailObservation read_mail(const Json& json) {
    MailObservation mail;
    Fields in(json);
    in.outcome("dns_outcome", mail.dns_outcome, completed());
    in.text("domain", mail.domain);
    in.outcome("mx_outcome", mail.mx_outcome, completed());
    in.flag("has_null_mx", mail.has_null_mx);
    if (const Json* exchangers = in.take("exchangers")) {
        for (const auto& exchanger : exchangers->items()) {
            mail.exchangers.push_back(read_exchanger(exchanger));
        }
    }
    if (const Json* spf = in.take("spf")) {
        mail.spf = read_txt(*spf);
    }
    if (const Json* dmarc = in.take("dmarc")) {
        mail.dmarc = read_txt(*dmarc);
    }
    if (const Json* answers = in.take("spf_answers")) {
        for (const auto& answer : answers->items()) {
            mail.spf_answers.push_back(read_spf_answer(answer));
        }
    }
    in.texts("dmarc_misspelt", mail.dmarc_misspelt);
    if (const Json* destinations = in.take("report_destinations")) {
        for (const auto& destination : destinations->items()) {
            mail.report_destinations.push_back(read_destination(destination));
        }
    }
    if (const Json* keys = in.take("dkim_keys")) {
        for (const auto& key : keys->items()) {
            mail.dkim_keys.push_back(read_dkim_key(key));
        }
    }
    if (const Json* sts = in.take("mta_sts")) {
        mail.mta_sts = read_mta_sts(*sts);
    }
    if (const Json* tls_rpt = in.take("tls_rpt")) {
        mail.tls_rpt = read_txt(*tls_rpt);
    }
    in.flag("is_mx_secure", mail.is_mx_secure);
    in.outcome("smtp_outcome", mail.smtp_outcome, mail.exchangers.empty() ? Outcome() : completed());
    in.finish();
    return mail;
}

} // namespace fengsui::model
