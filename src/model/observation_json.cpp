#include "base/text.h"
#include "model/observation.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::model {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;

Error bad_field(const Json& json, std::string_view what) {
    return {ErrorCode::invalid_argument, fmt::format("line {}: {}", json.line(), what)};
}

template <class T>
T parsed(base::Result<T> result, const Json& json, std::string_view field) {
    if (!result) {
        throw bad_field(json, fmt::format("{}: {}", field, result.error().message()));
    }
    return std::move(result).value();
}

/// An object whose members are taken one by one; what is left over is a misspelling.
class Fields {
public:
    explicit Fields(const Json& json) : json_(json) {
        if (!json.is_object()) {
            throw bad_field(json, "an object is expected here");
        }
    }
    const Json* take(std::string_view name) {
        known_.emplace_back(name);
        return json_.find(name);
    }
    void text(std::string_view name, std::string& to) {
        if (const Json* value = take(name)) {
            to = value->is_int() ? std::to_string(value->as_int()) : value->as_string();
        }
    }
    template <class Number>
    void number(std::string_view name, Number& to) {
        if (const Json* value = take(name)) {
            to = static_cast<Number>(value->as_int());
        }
    }
    void flag(std::string_view name, bool& to) {
        if (const Json* value = take(name)) {
            to = value->as_bool();
        }
    }
    void texts(std::string_view name, std::vector<std::string>& to) {
        if (const Json* value = take(name)) {
            for (const auto& item : value->items()) {
                to.push_back(item.as_string());
            }
        }
    }
    void addresses(std::string_view name, std::vector<IpAddress>& to) {
        if (const Json* value = take(name)) {
            for (const auto& item : value->items()) {
                to.push_back(parsed(IpAddress::parse(item.as_string()), item, name));
            }
        }
    }
    void instant(std::string_view name, base::Instant& to) {
        if (const Json* value = take(name)) {
            to = parsed(base::parse_rfc3339(value->as_string()), *value, name);
        }
    }
    /// `completed`, or a status and its reason: `not_reached timeout`.
    void outcome(std::string_view name, Outcome& to, Outcome otherwise) {
        const Json* value = take(name);
        if (value == nullptr) {
            to = otherwise;
            return;
        }
        const auto words = base::split(value->as_string(), ' ');
        const auto status = parse_coverage_status(words.front());
        const auto reason = words.size() > 1 ? parse_reason(words[1]) : std::optional(Reason::none);
        if (!status || !reason) {
            throw bad_field(*value, fmt::format("{}: \"{}\" is not an outcome", name, value->as_string()));
        }
        to = {*status, *reason};
    }
    void offered(std::string_view name, Offered& to) {
        if (const Json* value = take(name)) {
            to = value->as_bool() || value->as_string() == "yes"  ? Offered::yes
                 : value->is_bool() || value->as_string() == "no" ? Offered::no
                                                                  : Offered::unknown;
        }
    }
    void finish() const {
        for (const auto& [name, value] : json_.members()) {
            if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
                throw bad_field(value, fmt::format("\"{}\" is not a field here", name));
            }
        }
    }

private:
    const Json& json_;
    std::vector<std::string> known_;
};

HttpExchange read_exchange(const Json& json) {
    HttpExchange exchange;
    Fields in(json);
    in.text("method", exchange.method);
    if (const Json* url = in.take("url")) {
        exchange.url = parsed(Url::parse(url->as_string()), *url, "url");
    }
    if (const Json* address = in.take("address")) {
        exchange.address = parsed(IpAddress::parse(address->as_string()), *address, "address");
    }
    in.outcome("outcome", exchange.outcome, completed());
    exchange.status = exchange.outcome.is_completed() ? 200 : 0;
    in.number("status", exchange.status);
    std::vector<std::string> headers;
    in.texts("headers", headers);
    for (const auto& line : headers) {
        const auto colon = line.find(':');
        exchange.headers.push_back(
            {line.substr(0, colon), std::string(base::trim(std::string_view(line).substr(colon + 1)))}
        );
    }
    in.text("body", exchange.body);
    in.flag("body_complete", exchange.body_complete);
    in.text("charset", exchange.charset);
    const auto* location = exchange.header("Location");
    if (location != nullptr && exchange.is_redirect()) {
        if (auto target = exchange.url.resolve(*location)) {
            exchange.redirect = *target;
        }
    }
    in.finish();
    return exchange;
}

HttpChain read_chain(const Json& json) {
    HttpChain chain;
    Fields in(json);
    if (const Json* hops = in.take("hops")) {
        for (const auto& hop : hops->items()) {
            chain.hops.push_back(read_exchange(hop));
        }
    }
    in.outcome(
        "end",
        chain.end,
        chain.reached()      ? completed()
        : chain.hops.empty() ? Outcome()
                             : chain.hops.front().outcome
    );
    in.finish();
    return chain;
}

NameResolution read_resolution(const Json& json) {
    NameResolution resolution;
    Fields in(json);
    in.text("name", resolution.name);
    in.outcome("outcome", resolution.outcome, completed());
    in.texts("cnames", resolution.cnames);
    in.addresses("addresses", resolution.addresses);
    in.outcome("v6_outcome", resolution.v6_outcome, completed());
    in.addresses("refused", resolution.refused);
    if (const Json* reason = in.take("refusal")) {
        resolution.refusal = parse_reason(reason->as_string()).value_or(Reason::none);
    }
    in.finish();
    return resolution;
}

ZoneObservation read_zone(const Json& json) {
    ZoneObservation zone;
    Fields in(json);
    in.outcome("outcome", zone.outcome, completed());
    if (const Json* dnssec = in.take("dnssec")) {
        Fields facts(*dnssec);
        facts.outcome("outcome", zone.dnssec.outcome, completed());
        facts.text("zone", zone.dnssec.zone);
        facts.flag("signed", zone.dnssec.is_signed);
        facts.flag("authenticated", zone.dnssec.is_authenticated);
        facts.finish();
    }
    if (const Json* caa = in.take("caa")) {
        Fields facts(*caa);
        facts.outcome("outcome", zone.caa.outcome, completed());
        facts.text("found_at", zone.caa.found_at);
        facts.texts("records", zone.caa.records);
        facts.finish();
    }
    in.finish();
    return zone;
}

WebObservation read_web(const Json& json) {
    WebObservation web;
    Fields in(json);
    if (const Json* plain = in.take("plain")) {
        web.plain = read_chain(*plain);
    }
    if (const Json* secure = in.take("secure")) {
        web.secure = read_chain(*secure);
    }
    if (const Json* options = in.take("options")) {
        web.options = read_exchange(*options);
    }
    if (const Json* security_txt = in.take("security_txt")) {
        web.security_txt = read_chain(*security_txt);
    }
    if (const Json* directories = in.take("directories")) {
        for (const auto& directory : directories->items()) {
            web.directories.push_back(read_exchange(directory));
        }
    }
    const bool reached = web.plain.reached() || web.secure.reached();
    const Outcome blind = web.secure.hops.empty() ? web.plain.end : web.secure.hops.front().outcome;
    in.outcome("outcome", web.outcome, reached ? completed() : blind);
    in.finish();
    return web;
}

ExposureObservation read_exposure(const Json& json) {
    ExposureObservation exposure;
    Fields in(json);
    in.outcome("outcome", exposure.outcome, completed());
    if (const Json* controls = in.take("controls")) {
        for (const auto& item : controls->items()) {
            exposure.controls.push_back(read_exchange(item));
        }
    }
    if (const Json* paths = in.take("paths")) {
        for (const auto& item : paths->items()) {
            Fields path(item);
            ExposedPath exposed;
            path.text("purpose", exposed.purpose);
            if (const Json* exchange = path.take("exchange")) {
                exposed.exchange = read_exchange(*exchange);
            }
            path.finish();
            exposure.paths.push_back(std::move(exposed));
        }
    }
    in.finish();
    return exposure;
}

CertificateFacts read_certificate(const Json& json) {
    CertificateFacts facts;
    facts.key_type = "RSA";
    facts.key_bits = 2048;
    facts.signature_algorithm = "sha256WithRSAEncryption";
    facts.signature_hash = "sha256";
    Fields in(json);
    in.text("subject", facts.subject);
    in.text("issuer", facts.issuer);
    in.text("common_name", facts.common_name);
    in.texts("dns_names", facts.dns_names);
    in.addresses("ip_addresses", facts.ip_addresses);
    in.text("serial", facts.serial);
    in.instant("not_before", facts.not_before);
    in.instant("not_after", facts.not_after);
    in.text("key_type", facts.key_type);
    in.number("key_bits", facts.key_bits);
    in.text("curve", facts.curve);
    in.text("signature_algorithm", facts.signature_algorithm);
    in.text("signature_hash", facts.signature_hash);
    in.flag("is_ca", facts.is_ca);
    in.flag("is_self_issued", facts.is_self_issued);
    in.flag("is_self_signed", facts.is_self_signed);
    in.flag("has_ca_issuers", facts.has_ca_issuers);
    in.text("sha256", facts.sha256);
    in.text("spki_sha256", facts.spki_sha256);
    in.finish();
    return facts;
}

Trust read_trust(const Json& json) {
    for (const auto trust :
         {Trust::unknown,
          Trust::trusted,
          Trust::self_signed,
          Trust::untrusted,
          Trust::incomplete,
          Trust::broken}) {
        if (to_string(trust) == json.as_string()) {
            return trust;
        }
    }
    throw bad_field(json, fmt::format("trust: \"{}\" is not known", json.as_string()));
}

TlsEndpoint read_endpoint(const Json& json) {
    TlsEndpoint endpoint;
    endpoint.version = "TLSv1.3";
    Fields in(json);
    in.text("host", endpoint.host);
    if (const Json* address = in.take("address")) {
        endpoint.address = parsed(IpAddress::parse(address->as_string()), *address, "address");
    }
    in.number("port", endpoint.port);
    in.outcome("outcome", endpoint.outcome, completed());
    in.text("version", endpoint.version);
    in.text("cipher", endpoint.cipher);
    if (const Json* chain = in.take("chain")) {
        for (const auto& certificate : chain->items()) {
            endpoint.chain.push_back(read_certificate(certificate));
        }
    }
    if (const Json* trust = in.take("trust")) {
        endpoint.trust = read_trust(*trust);
    }
    in.text("trust_detail", endpoint.trust_detail);
    in.flag("is_chain_ordered", endpoint.is_chain_ordered);
    in.offered("tls10", endpoint.tls10);
    in.offered("tls11", endpoint.tls11);
    in.offered("tls12", endpoint.tls12);
    in.offered("tls13", endpoint.tls13);
    in.offered("static_rsa", endpoint.static_rsa);
    in.text("static_rsa_cipher", endpoint.static_rsa_cipher);
    in.finish();
    return endpoint;
}

TlsObservation read_tls(const Json& json) {
    TlsObservation tls;
    Fields in(json);
    if (const Json* endpoints = in.take("endpoints")) {
        for (const auto& endpoint : endpoints->items()) {
            tls.endpoints.push_back(read_endpoint(endpoint));
        }
    }
    in.outcome("outcome", tls.outcome, completed());
    in.finish();
    return tls;
}

TxtLookup read_txt(const Json& json) {
    TxtLookup lookup;
    Fields in(json);
    in.outcome("outcome", lookup.outcome, completed());
    in.text("name", lookup.name);
    in.texts("records", lookup.records);
    in.finish();
    return lookup;
}

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
    in.finish();
    return exchanger;
}

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
    in.outcome("smtp_outcome", mail.smtp_outcome, mail.exchangers.empty() ? Outcome() : completed());
    in.finish();
    return mail;
}

Ipv6Observation read_ipv6(const Json& json) {
    Ipv6Observation ipv6;
    Fields in(json);
    in.outcome("outcome", ipv6.outcome, completed());
    in.addresses("addresses", ipv6.addresses);
    in.flag("has_vantage", ipv6.has_vantage);
    if (const Json* attempts = in.take("attempts")) {
        for (const auto& item : attempts->items()) {
            Fields attempt(item);
            Ipv6Attempt& made = ipv6.attempts.emplace_back();
            if (const Json* address = attempt.take("address")) {
                made.address = parsed(IpAddress::parse(address->as_string()), *address, "address");
            }
            attempt.number("port", made.port);
            attempt.outcome("outcome", made.outcome, completed());
            attempt.finish();
        }
    }
    in.finish();
    return ipv6;
}

Observation read_observation(const Json& json) {
    Observation seen;
    Fields in(json);
    in.text("target", seen.target_text);
    seen.target = parsed(AssetTarget::parse(seen.target_text), json, "target");
    std::string probe_class;
    in.text("probe_class", probe_class);
    seen.probe_class = probe_class == "careful" ? ProbeClass::careful : ProbeClass::passive;
    in.instant("judged_at", seen.judged_at);
    if (const Json* name = in.take("name")) {
        seen.name.resolution = read_resolution(*name);
        seen.name.outcome = seen.name.resolution.outcome;
    }
    if (const Json* zone = in.take("zone")) {
        seen.zone = read_zone(*zone);
    }
    if (const Json* web = in.take("web")) {
        seen.web = read_web(*web);
    }
    if (const Json* exposure = in.take("exposure")) {
        seen.exposure = read_exposure(*exposure);
    }
    if (const Json* tls = in.take("tls")) {
        seen.tls = read_tls(*tls);
    }
    if (const Json* mail = in.take("mail")) {
        seen.mail = read_mail(*mail);
    }
    if (const Json* ipv6 = in.take("ipv6")) {
        seen.ipv6 = read_ipv6(*ipv6);
    }
    in.finish();
    return seen;
}

} // namespace

base::Result<Observation> observation_from_json(const base::Json& json) {
    try {
        return read_observation(json);
    } catch (const Error& error) {
        return error;
    }
}

} // namespace fengsui::model
