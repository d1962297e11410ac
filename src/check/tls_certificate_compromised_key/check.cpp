#include "base/text.h"
#include "check/common/tls_endpoints.h"

#include <numeric>

namespace fengsui::check {

namespace {

std::optional<std::string> known_key(std::string_view spki_sha256, const base::Json& keys) {
    for (const auto& key : keys.items()) {
        if (!spki_sha256.empty() && base::iequals(key["spki_sha256"].as_string(), spki_sha256)) {
            return "published key: " + key["name"].as_string();
        }
    }
    return std::nullopt;
}

} // namespace

model::Verdict tls_certificate_compromised_key(const model::Observation& seen, const base::Json& parameters) {
    return judge_certificates(seen, [&](const model::TlsEndpoint& endpoint) {
        std::vector<std::size_t> all(endpoint.chain.size());
        std::iota(all.begin(), all.end(), 0);
        EndpointAnswer answer = first_fault(endpoint, all, [&](const auto& facts) {
            return known_key(facts.spki_sha256, parameters["keys"]);
        });
        if (answer.evidence) {
            const auto position = static_cast<std::size_t>((*answer.evidence)["position"].as_int());
            answer.evidence->set("spki_sha256", endpoint.chain[position].spki_sha256);
        }
        return answer;
    });
}

} // namespace fengsui::check
