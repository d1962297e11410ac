#include "check/common/tls_hellos.h"

namespace fengsui::check {

using base::Json;
using model::Offered;
using model::TlsEndpoint;

model::Outcome blindness(const TlsEndpoint& endpoint) {
    if (!endpoint.hellos.is_completed()) {
        return endpoint.hellos;
    }
    return endpoint.outcome.is_completed() ? model::not_reached(model::Reason::timeout) : endpoint.outcome;
}

model::Verdict judge_fact(
    const model::Observation& seen, const OfferedOf& fact, Offered wrong, const Describe& describe
) {
    return judge_endpoints(seen, [&](const TlsEndpoint& endpoint) -> EndpointAnswer {
        const auto offered = fact(endpoint);
        if (offered == Offered::unknown) {
            return {blindness(endpoint), {}, {}};
        }
        if (offered != wrong) {
            return {};
        }
        Json evidence = endpoint_evidence(endpoint);
        describe(evidence, endpoint);
        return {model::completed(), std::move(evidence), {}};
    });
}

model::Verdict judge_suite_class(const model::Observation& seen, std::string_view kind) {
    const auto offered = [kind](const TlsEndpoint& endpoint) {
        return endpoint.suite_class(kind).offered;
    };
    return judge_fact(seen, offered, Offered::yes, [kind](Json& evidence, const TlsEndpoint& endpoint) {
        Json accepted = Json::array();
        for (const auto& suite : endpoint.suite_class(kind).accepted) {
            accepted.push(suite);
        }
        evidence.set("accepted_ciphers", std::move(accepted));
        set_level(evidence, kInsufficient);
    });
}

void set_level(Json& evidence, std::string_view level) {
    evidence.set("level", level);
    evidence.set("profile", "NCSC-NL 2025-05");
}

} // namespace fengsui::check
