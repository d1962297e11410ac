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
