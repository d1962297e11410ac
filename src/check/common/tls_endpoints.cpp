#include "check/common/tls_hellos.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using base::Json;
using model::CertificateFacts;
using model::Offered;
using model::TlsEndpoint;
using model::Trust;
using model::Verdict;

/// The claim at that locator, or null. Addresses of one name share a locator and so a fingerprint.
model::Claim* claim_at(std::vector<model::Claim>& claims, std::string_view locator) {
    const auto found = std::find_if(claims.begin(), claims.end(), [&](const auto& claim) {
        return claim.locator == locator;
    });
    return found == claims.end() ? nullptr : &*found;
}

void add_claim(std::vector<model::Claim>& claims, const TlsEndpoint& endpoint, EndpointAnswer answer) {
    model::Claim* known = claim_at(claims, endpoint.locator());
    if (known == nullptr) {
        claims.push_back({endpoint.locator(), std::move(*answer.evidence), answer.severity});
        return;
    }
    if (answer.severity && known->severity < answer.severity) {
        known->severity = answer.severity;
    }
    Json others = known->evidence["also_at"];
    others.push(endpoint.address.str());
    known->evidence.set("also_at", std::move(others));
}

bool is_wanted(const std::vector<Trust>& wanted, Trust trust) {
    return std::find(wanted.begin(), wanted.end(), trust) != wanted.end();
}

std::optional<std::size_t> issuer_position(
    const std::vector<CertificateFacts>& chain, std::size_t of, const std::vector<std::size_t>& used
) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const bool is_used = std::find(used.begin(), used.end(), i) != used.end();
        if (!is_used && !chain[of].issuer.empty() && chain[i].subject == chain[of].issuer) {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace

Verdict judge_endpoints(const model::Observation& seen, const EndpointRule& rule) {
    std::optional<model::Outcome> blind;
    bool could_tell = false;
    Verdict verdict;
    for (const auto& endpoint : seen.tls.endpoints) {
        EndpointAnswer answer = rule(endpoint);
        if (!answer.outcome.is_completed()) {
            blind = blind ? blind : answer.outcome;
            verdict.unseen.push_back(endpoint.locator());
            continue;
        }
        could_tell = true;
        if (answer.evidence) {
            add_claim(verdict.claims, endpoint, std::move(answer));
        }
    }
    if (!could_tell) {
        verdict.outcome = blind.value_or(model::skipped(model::Reason::not_applicable));
    }
    return verdict;
}

Verdict judge_certificates(const model::Observation& seen, const EndpointRule& rule) {
    return judge_endpoints(seen, [&](const TlsEndpoint& endpoint) -> EndpointAnswer {
        if (!endpoint.outcome.is_completed()) {
            return {endpoint.outcome, {}, {}};
        }
        if (endpoint.chain.empty()) {
            return {model::skipped(model::Reason::not_applicable), {}, {}};
        }
        return rule(endpoint);
    });
}

Verdict judge_trust(const model::Observation& seen, const std::vector<Trust>& wanted) {
    return judge_certificates(seen, [&](const TlsEndpoint& endpoint) -> EndpointAnswer {
        if (endpoint.trust == Trust::unknown) {
            return {model::not_reached(model::Reason::tls_failed), {}, {}};
        }
        if (!is_wanted(wanted, endpoint.trust)) {
            return {};
        }
        Json evidence = endpoint_evidence(endpoint);
        add_certificate(evidence, endpoint, 0);
        evidence.set("trust", to_string(endpoint.trust));
        evidence.set("detail", endpoint.trust_detail);
        evidence.set("certificates_sent", static_cast<std::uint64_t>(endpoint.chain.size()));
        return {model::completed(), std::move(evidence), {}};
    });
}

Verdict judge_version(
    const model::Observation& seen, Offered TlsEndpoint::*offered, std::string_view version
) {
    return judge_endpoints(seen, [&](const TlsEndpoint& endpoint) -> EndpointAnswer {
        if (endpoint.*offered == Offered::unknown) {
            return {blindness(endpoint), {}, {}};
        }
        if (endpoint.*offered == Offered::no) {
            return {};
        }
        Json evidence = endpoint_evidence(endpoint);
        evidence.set("accepted_version", version);
        return {model::completed(), std::move(evidence), {}};
    });
}

Json endpoint_evidence(const TlsEndpoint& endpoint) {
    return Json::object(
        {{"address", endpoint.address.str()},
         {"port", static_cast<int>(endpoint.port)},
         {"server_name", endpoint.host}}
    );
}

void add_certificate(Json& evidence, const TlsEndpoint& endpoint, std::size_t position) {
    const CertificateFacts& facts = endpoint.chain[position];
    evidence.set("position", static_cast<std::uint64_t>(position));
    evidence.set("role", role_of(endpoint, position));
    evidence.set("subject", facts.subject);
    evidence.set("issuer", facts.issuer);
    evidence.set("serial", facts.serial);
    evidence.set("not_before", base::format_rfc3339(facts.not_before));
    evidence.set("not_after", base::format_rfc3339(facts.not_after));
    evidence.set("sha256", facts.sha256);
}

std::vector<std::size_t> path_positions(const TlsEndpoint& endpoint) {
    std::vector<std::size_t> path;
    if (endpoint.chain.empty()) {
        return path;
    }
    std::optional<std::size_t> next = 0;
    while (next && !is_sent_root(endpoint, *next)) {
        path.push_back(*next);
        next = issuer_position(endpoint.chain, *next, path);
    }
    return path;
}

bool is_sent_root(const TlsEndpoint& endpoint, std::size_t position) {
    const bool is_anchor = position > 0 || endpoint.trust == Trust::trusted;
    return endpoint.chain[position].is_self_signed && is_anchor;
}

std::string_view role_of(const TlsEndpoint& endpoint, std::size_t position) {
    if (position == 0) {
        return "leaf";
    }
    return is_sent_root(endpoint, position) ? "root" : "intermediate";
}

EndpointAnswer first_fault(
    const TlsEndpoint& endpoint, const std::vector<std::size_t>& positions, const CertificateRule& fault
) {
    EndpointAnswer answer;
    Json all = Json::array();
    for (const auto position : positions) {
        const auto text = fault(endpoint.chain[position]);
        if (!text) {
            continue;
        }
        if (!answer.evidence) {
            answer.evidence = endpoint_evidence(endpoint);
            add_certificate(*answer.evidence, endpoint, position);
            answer.evidence->set("fault", *text);
        }
        all.push(Json::object(
            {{"position", static_cast<std::uint64_t>(position)},
             {"role", role_of(endpoint, position)},
             {"subject", endpoint.chain[position].subject},
             {"sha256", endpoint.chain[position].sha256},
             {"fault", *text}}
        ));
    }
    if (answer.evidence) {
        answer.evidence->set("certificates", std::move(all));
    }
    return answer;
}

} // namespace fengsui::check
