#include "check/common/tls_endpoints.h"

#include <fmt/format.h>

namespace fengsui::check {

namespace {

std::optional<std::string> key_fault(const model::CertificateFacts& facts, const base::Json& parameters) {
    const bool is_short_rsa = facts.key_type == "RSA" && facts.key_bits < parameters["rsa_bits"].as_int();
    const bool is_short_ec = facts.key_type == "EC" && facts.key_bits < parameters["ec_bits"].as_int();
    // No browser accepts DSA any more (RFC 8422 and RFC 8446 left it out), whatever its length.
    const bool is_weak = is_short_rsa || is_short_ec || facts.key_type == "DSA";
    // Zero bits: the key could not be measured, so nothing is claimed of it.
    if (!is_weak || facts.key_bits == 0) {
        return std::nullopt;
    }
    return fmt::format("{} key of {} bits", facts.key_type, facts.key_bits);
}

} // namespace

model::Verdict tls_certificate_weak_key(const model::Observation& seen, const base::Json& parameters) {
    return judge_certificates(seen, [&](const model::TlsEndpoint& endpoint) {
        return first_fault(endpoint, path_positions(endpoint), [&](const auto& facts) {
            return key_fault(facts, parameters);
        });
    });
}

} // namespace fengsui::check
