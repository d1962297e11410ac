#include "check/common/software_detect.h"

#include "base/text.h"
#include "check/catalog.h"
#include "check/common/software_facts.h"
#include "check/common/software_match.h"
#include "check/common/software_version.h"

#include <algorithm>

namespace fengsui::check {

namespace {

using base::Json;

constexpr std::size_t kValueBytes = 200;

std::string_view without_leading_www(std::string_view host) {
    return host.substr(0, 4) == "www." ? host.substr(4) : host;
}

/// A redirect may lead to another registered site, whose software is not this target's.
bool is_own(const model::HttpExchange& hop, const model::HttpChain& chain) {
    return hop.outcome.is_completed()
           && without_leading_www(hop.url.host) == without_leading_www(chain.hops.front().url.host);
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

std::optional<DetectedSoftware> recognise(const Json& signature, const std::vector<SoftwareFact>& facts) {
    for (const auto& fact : facts) {
        const bool is_meant = fact.where == signature["where"].as_string()
                              && base::iequals(fact.name, signature["name"].as_string());
        const auto version =
            is_meant ? match_signature(fact.text, signature["pattern"].as_string()) : std::nullopt;
        if (!version) {
            continue;
        }
        // Of a page only the mark that was found: the rest says nothing.
        const std::string& value = fact.where == "html" ? signature["pattern"].as_string() : fact.text;
        return DetectedSoftware{
            signature["product"].as_string(),
            fact.where == "script" ? version_of_file(*version) : *version,
            fact.name.empty() ? fact.where : fact.where + " " + fact.name,
            base::shorten(base::scrub_utf8(value), kValueBytes),
            fact.url,
            {}};
    }
    return std::nullopt;
}

void add_software(std::vector<DetectedSoftware>& all, DetectedSoftware found) {
    for (auto& one : all) {
        if (!base::iequals(one.product, found.product)) {
            continue;
        }
        if (one.version.empty() && !found.version.empty()) {
            one = std::move(found);
        }
        return;
    }
    all.push_back(std::move(found));
}

bool is_of_server(const DetectedSoftware& software) {
    return software.source.starts_with("header");
}

/// Who packages the web server packages the interpreter beside it as well, most likely. A page's own marks
/// and scripts are what they are.
void note_distributions(std::vector<DetectedSoftware>& all) {
    std::string named;
    for (const auto& one : all) {
        if (named.empty() && is_of_server(one)) {
            named = distribution_of(one.value);
        }
    }
    for (auto& one : all) {
        if (is_of_server(one)) {
            one.distribution = named;
        }
    }
}

} // namespace

Json DetectedSoftware::evidence() const {
    return Json::object(
        {{"product", product}, {"version", version}, {"source", source}, {"value", value}, {"url", url}}
    );
}

std::vector<DetectedSoftware> detect_software(const model::WebObservation& web, const Json& signatures) {
    const auto facts = facts_of(web);
    std::vector<DetectedSoftware> all;
    for (const auto& signature : signatures.items()) {
        if (auto found = recognise(signature, facts)) {
            add_software(all, std::move(*found));
        }
    }
    note_distributions(all);
    return all;
}

std::vector<DetectedSoftware> detect_software(const model::WebObservation& web) {
    const auto* detected = find_check("software.detected");
    FENGSUI_CHECK(detected != nullptr, "software.detected holds the signatures");
    return detect_software(web, detected->info.parameters["signatures"]);
}

std::optional<JudgedVersion> judged_version(const DetectedSoftware& software) {
    const auto upstream = upstream_version(software.version);
    if (!is_exact_enough(upstream)) {
        return std::nullopt;
    }
    return JudgedVersion{std::string(upstream), software.distribution};
}

void add_certainty(const JudgedVersion& version, Json& evidence) {
    evidence.set("certainty", version.is_certain() ? "stated" : "uncertain");
    if (!version.is_certain()) {
        evidence.set("distribution", version.distribution)
            .set("note", "packages of this distribution are mended without a new upstream version");
    }
}

} // namespace fengsui::check
