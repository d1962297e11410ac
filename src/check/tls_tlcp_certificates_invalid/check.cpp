#include "check/common/tls_hellos.h"

#include <algorithm>
#include <array>

namespace fengsui::check {

namespace {

using base::Json;
using model::CertificateFacts;

bool has_usage(const CertificateFacts& facts, std::string_view usage) {
    return std::find(facts.key_usage.begin(), facts.key_usage.end(), usage) != facts.key_usage.end();
}

bool can_sign(const CertificateFacts& facts) {
    return facts.key_usage.empty() || has_usage(facts, "digitalSignature");
}

bool can_encrypt(const CertificateFacts& facts) {
    return facts.key_usage.empty() || has_usage(facts, "keyEncipherment")
           || has_usage(facts, "dataEncipherment") || has_usage(facts, "keyAgreement");
}

bool is_sm2(const CertificateFacts& facts) {
    return facts.key_type == "SM2" && facts.signature_hash == "sm3";
}

void add_pair_faults(const CertificateFacts& sign, const CertificateFacts& encrypt, Json& faults) {
    if (!can_sign(sign) || !can_encrypt(encrypt)) {
        const bool is_swapped = can_encrypt(sign) && can_sign(encrypt);
        faults.push(
            is_swapped ? "the signature and encryption certificates are swapped"
                       : "the key usage does not fit"
        );
    }
    if (sign.spki_sha256 == encrypt.spki_sha256) {
        faults.push("both certificates have the same key");
    }
    if (sign.common_name != encrypt.common_name || sign.dns_names != encrypt.dns_names) {
        faults.push("the two certificates are for different names");
    }
}

void add_date_faults(const std::vector<CertificateFacts>& chain, base::Instant judged_at, Json& faults) {
    constexpr std::array<std::string_view, 2> kRoles = {"signature", "encryption"};
    for (std::size_t i = 0; i < std::min(chain.size(), kRoles.size()); ++i) {
        if (chain[i].not_after < judged_at) {
            faults.push("the " + std::string(kRoles[i]) + " certificate has expired");
        } else if (chain[i].not_before > judged_at) {
            faults.push("the " + std::string(kRoles[i]) + " certificate is not valid yet");
        }
    }
}

/// standards.md 2.5 step 2.
Json find_faults(const std::vector<CertificateFacts>& chain, base::Instant judged_at) {
    Json faults = Json::array();
    if (chain.empty()) {
        faults.push("no certificate was sent");
        return faults;
    }
    const bool is_single = chain.size() < 2 || (chain[1].is_ca && !chain[0].is_ca);
    if (is_single) {
        faults.push("only one certificate was sent instead of two");
    } else {
        add_pair_faults(chain[0], chain[1], faults);
    }
    for (const auto& facts : chain) {
        if (!is_sm2(facts)) {
            faults.push("not SM2 with SM3: " + facts.subject);
        }
    }
    add_date_faults({chain.begin(), chain.begin() + (is_single ? 1 : 2)}, judged_at, faults);
    return faults;
}

EndpointAnswer judge_tlcp(const model::TlsEndpoint& endpoint, base::Instant judged_at) {
    if (endpoint.tlcp.offered != model::Offered::yes) {
        const bool is_known = endpoint.tlcp.offered == model::Offered::no;
        return {is_known ? model::completed() : blindness(endpoint), {}, {}};
    }
    Json faults = find_faults(endpoint.tlcp.chain, judged_at);
    if (faults.items().empty()) {
        return {};
    }
    Json evidence = endpoint_evidence(endpoint);
    evidence.set("cipher", endpoint.tlcp.cipher);
    evidence.set("faults", std::move(faults));
    Json sent = Json::array();
    for (const auto& facts : endpoint.tlcp.chain) {
        sent.push(
            Json::object({{"subject", facts.subject}, {"serial", facts.serial}, {"sha256", facts.sha256}})
        );
    }
    evidence.set("certificates", std::move(sent));
    return {model::completed(), std::move(evidence), {}};
}

} // namespace

model::Verdict tls_tlcp_certificates_invalid(const model::Observation& seen, const base::Json&) {
    return judge_endpoints(seen, [&](const model::TlsEndpoint& endpoint) {
        return judge_tlcp(endpoint, seen.judged_at);
    });
}

} // namespace fengsui::check
