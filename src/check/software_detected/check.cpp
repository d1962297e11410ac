#include "model/check.h"

#include "base/text.h"
#include "check/common/software_facts.h"
#include "check/common/software_match.h"

namespace fengsui::check {

namespace {

using base::Json;

constexpr std::size_t kValueBytes = 200;

std::string_view without_www(std::string_view host) {
    return host.substr(0, 4) == "www." ? host.substr(4) : host;
}

/// A redirect may lead to another registered site, whose software is not this target's.
bool is_own(const model::HttpExchange& hop, const model::HttpChain& chain) {
    return hop.outcome.is_completed()
           && without_www(hop.url.host) == without_www(chain.hops.front().url.host);
}

std::vector<SoftwareFact> facts_of(const model::WebObservation& web) {
    std::vector<SoftwareFact> facts;
    for (const auto* chain : {&web.secure, &web.plain}) {
        for (const auto& hop : chain->hops) {
            if (is_own(hop, *chain)) {
                auto found = software_facts(hop);
                facts.insert(facts.end(), found.begin(), found.end());
            }
        }
    }
    return facts;
}

Json evidence_of(const Json& signature, const SoftwareFact& fact, const std::string& version) {
    const std::string source = fact.name.empty() ? fact.where : fact.where + " " + fact.name;
    // Of a page only the mark that was found: the rest says nothing.
    const std::string& value = fact.where == "html" ? signature["pattern"].as_string() : fact.text;
    return Json::object(
        {{"product", signature["product"].as_string()},
         {"version", version},
         {"source", source},
         {"value", base::shorten(base::scrub_utf8(value), kValueBytes)},
         {"url", fact.url}}
    );
}

std::optional<Json> recognise(const Json& signature, const std::vector<SoftwareFact>& facts) {
    for (const auto& fact : facts) {
        const bool is_meant = fact.where == signature["where"].as_string()
                              && base::iequals(fact.name, signature["name"].as_string());
        const auto version =
            is_meant ? match_signature(fact.text, signature["pattern"].as_string()) : std::nullopt;
        if (version) {
            return evidence_of(
                signature, fact, fact.where == "script" ? version_of_file(*version) : *version
            );
        }
    }
    return std::nullopt;
}

/// One claim per product; the first sign that tells a version wins.
void add_claim(std::vector<model::Claim>& claims, Json evidence) {
    const std::string locator = base::to_lower(evidence["product"].as_string());
    for (auto& claim : claims) {
        if (claim.locator != locator) {
            continue;
        }
        if (claim.evidence["version"].as_string().empty() && !evidence["version"].as_string().empty()) {
            claim.evidence = std::move(evidence);
        }
        return;
    }
    claims.push_back({locator, std::move(evidence), {}});
}

} // namespace

model::Verdict software_detected(const model::Observation& seen, const Json& parameters) {
    const auto facts = facts_of(seen.web);
    model::Verdict verdict;
    for (const auto& signature : parameters["signatures"].items()) {
        if (auto evidence = recognise(signature, facts)) {
            add_claim(verdict.claims, std::move(*evidence));
        }
    }
    return verdict;
}

} // namespace fengsui::check
