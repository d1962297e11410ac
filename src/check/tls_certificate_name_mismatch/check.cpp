#include "check/common/tls_endpoints.h"
#include "check/common/tls_names.h"

namespace fengsui::check {

namespace {

constexpr std::size_t kNamesShown = 20;

base::Json names_of(const model::CertificateFacts& leaf) {
    base::Json names = base::Json::array();
    for (const auto& name : leaf.dns_names) {
        if (names.items().size() < kNamesShown) {
            names.push(name);
        }
    }
    for (const auto& address : leaf.ip_addresses) {
        if (names.items().size() < kNamesShown) {
            names.push(address.str());
        }
    }
    return names;
}

} // namespace

model::Verdict tls_certificate_name_mismatch(const model::Observation& seen, const base::Json&) {
    return judge_certificates(seen, [](const model::TlsEndpoint& endpoint) -> EndpointAnswer {
        const auto& leaf = endpoint.chain.front();
        // A certificate without any name is tls.certificate_no_san, and one claim is enough.
        if (!has_names(leaf) || certificate_covers(leaf, endpoint.host)) {
            return {};
        }
        base::Json evidence = endpoint_evidence(endpoint);
        add_certificate(evidence, endpoint, 0);
        evidence.set("names", names_of(leaf));
        evidence.set(
            "name_count", static_cast<std::uint64_t>(leaf.dns_names.size() + leaf.ip_addresses.size())
        );
        return {model::completed(), std::move(evidence), {}};
    });
}

} // namespace fengsui::check
