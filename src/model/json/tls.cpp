#include "model/json/tls.h"

#include "model/json/fields.h"
#include "model/json/mail.h"

namespace fengsui::model {

namespace {

using base::Json;

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
    in.texts("key_usage", facts.key_usage);
    in.texts("crl_urls", facts.crl_urls);
    in.texts("ocsp_urls", facts.ocsp_urls);
    in.text("sha256", facts.sha256);
    in.text("spki_sha256", facts.spki_sha256);
    in.finish();
    return facts;
}

/// The value of an enumeration whose texts `to_string` gives.
template <class Value>
Value read_word(const Json& json, std::string_view field, std::initializer_list<Value> values) {
    for (const auto value : values) {
        if (to_string(value) == json.as_string()) {
            return value;
        }
    }
    throw bad_field(json, fmt::format("{}: \"{}\" is not known", field, json.as_string()));
}

Trust read_trust(const Json& json) {
    using enum Trust;
    return read_word(json, "trust", {unknown, trusted, self_signed, untrusted, incomplete, broken});
}

std::vector<CertificateFacts> read_certificates(const Json& json) {
    std::vector<CertificateFacts> chain;
    for (const auto& certificate : json.items()) {
        chain.push_back(read_certificate(certificate));
    }
    return chain;
}

/// `rc4: [SUITE]` for what was accepted, `rc4: "no"` for what was refused.
SuiteClassFacts read_suite_class(const Json& json) {
    SuiteClassFacts facts;
    if (!json.is_array()) {
        facts.offered = json.as_string() == "no" ? Offered::no : Offered::unknown;
        return facts;
    }
    facts.offered = Offered::yes;
    for (const auto& suite : json.items()) {
        facts.accepted.push_back(suite.as_string());
    }
    return facts;
}

void read_named(Fields& in, std::string_view name, NamedFact& fact) {
    if (const Json* value = in.take(name)) {
        Fields fields(*value);
        fields.offered("offered", fact.offered);
        fields.text("name", fact.name);
        fields.finish();
    }
}

SuiteOrderFacts read_suite_order(const Json& json) {
    SuiteOrderFacts order;
    Fields in(json);
    in.offered("takes_weaker", order.takes_weaker);
    in.text("chosen", order.chosen);
    in.text("instead", order.instead);
    in.flag("is_own_order", order.is_own_order);
    in.finish();
    return order;
}

DhFacts read_dh(const Json& json) {
    DhFacts dh;
    Fields in(json);
    in.offered("offered", dh.offered);
    in.number("bits", dh.bits);
    in.text("group", dh.group);
    in.text("suite", dh.suite);
    if (const Json* value = in.take("primality")) {
        using enum Primality;
        dh.primality = read_word(*value, "primality", {unknown, safe_prime, prime, composite});
    }
    in.finish();
    return dh;
}

TlcpFacts read_tlcp(const Json& json) {
    TlcpFacts tlcp;
    Fields in(json);
    in.offered("offered", tlcp.offered);
    in.text("cipher", tlcp.cipher);
    if (const Json* chain = in.take("chain")) {
        tlcp.chain = read_certificates(*chain);
    }
    in.text("detail", tlcp.detail);
    in.finish();
    return tlcp;
}

RevocationFacts read_revocation(const Json& json) {
    RevocationFacts facts;
    Fields in(json);
    in.number("position", facts.position);
    if (const Json* value = in.take("status")) {
        using enum Revocation;
        facts.status = read_word(*value, "status", {unknown, good, revoked});
    }
    in.text("source", facts.source);
    in.instant("revoked_at", facts.revoked_at);
    in.text("reason", facts.reason);
    in.text("detail", facts.detail);
    in.finish();
    return facts;
}

/// What hand-made hellos showed.
void read_hellos(Fields& in, TlsEndpoint& endpoint) {
    in.outcome("hellos", endpoint.hellos, completed());
    in.offered("sslv2", endpoint.sslv2);
    in.offered("sslv3", endpoint.sslv3);
    in.offered("tls10", endpoint.tls10);
    in.offered("tls11", endpoint.tls11);
    in.offered("tls12", endpoint.tls12);
    in.offered("tls13", endpoint.tls13);
    if (const Json* suites = in.take("suites")) {
        for (const auto& [name, value] : suites->members()) {
            endpoint.suites[name] = read_suite_class(value);
        }
    }
    if (const Json* order = in.take("suite_order")) {
        endpoint.suite_order = read_suite_order(*order);
    }
    if (const Json* dh = in.take("dh")) {
        endpoint.dh = read_dh(*dh);
    }
    read_named(in, "weak_curve", endpoint.weak_curve);
    read_named(in, "weak_signature", endpoint.weak_signature);
    in.offered("compression", endpoint.compression);
    in.offered("secure_renegotiation", endpoint.secure_renegotiation);
    in.offered("client_renegotiation", endpoint.client_renegotiation);
    in.offered("extended_master_secret", endpoint.extended_master_secret);
    read_named(in, "version_intolerance", endpoint.version_intolerance);
    if (const Json* tlcp = in.take("tlcp")) {
        endpoint.tlcp = read_tlcp(*tlcp);
    }
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
        endpoint.chain = read_certificates(*chain);
    }
    if (const Json* trust = in.take("trust")) {
        endpoint.trust = read_trust(*trust);
    }
    in.text("trust_detail", endpoint.trust_detail);
    in.flag("is_chain_ordered", endpoint.is_chain_ordered);
    read_hellos(in, endpoint);
    in.offered("early_data", endpoint.early_data);
    in.number("max_early_data", endpoint.max_early_data);
    if (const Json* value = in.take("client_certificate")) {
        using enum ClientCertificate;
        endpoint.client_certificate =
            read_word(*value, "client_certificate", {unknown, not_asked, asked, required});
    }
    if (const Json* revocation = in.take("revocation")) {
        for (const auto& item : revocation->items()) {
            endpoint.revocation.push_back(read_revocation(item));
        }
    }
    in.outcome("revocation_outcome", endpoint.revocation_outcome, completed());
    in.finish();
    return endpoint;
}

} // namespace

TlsEndpoint read_tls_endpoint(const Json& json) {
    return read_endpoint(json);
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

} // namespace fengsui::model
