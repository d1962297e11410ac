#include "base/text.h"
#include "check/common/tls_endpoints.h"

namespace fengsui::check {

namespace {

/// A root is trusted by itself; the hash in its own signature protects nothing.
std::vector<std::size_t> signed_positions(const model::TlsEndpoint& endpoint) {
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < endpoint.chain.size(); ++i) {
        if (!is_sent_root(endpoint, i)) {
            positions.push_back(i);
        }
    }
    return positions;
}

std::optional<std::string> hash_fault(const model::CertificateFacts& facts, const base::Json& hashes) {
    for (const auto& hash : hashes.items()) {
        if (base::iequals(facts.signature_hash, hash.as_string())) {
            return "signed with " + facts.signature_algorithm;
        }
    }
    return std::nullopt;
}

} // namespace

model::Verdict tls_certificate_weak_signature(const model::Observation& seen, const base::Json& parameters) {
    return judge_certificates(seen, [&](const model::TlsEndpoint& endpoint) {
        return first_fault(endpoint, signed_positions(endpoint), [&](const auto& facts) {
            return hash_fault(facts, parameters["hashes"]);
        });
    });
}

} // namespace fengsui::check
