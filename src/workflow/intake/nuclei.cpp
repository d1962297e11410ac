// Nuclei 3.x `-jsonl`: the members that its own consumers read.
#include "base/text.h"
#include "workflow/intake/result.h"

namespace fengsui::workflow {

namespace {

using base::Json;

std::string first_text(const Json& line, std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        if (!line[name].as_string().empty()) {
            return line[name].as_string();
        }
    }
    return {};
}

Json evidence_of(const Json& line) {
    Json evidence = Json::object();
    for (const std::string_view name :
         {"matched-at", "matcher-name", "extracted-results", "type", "ip", "timestamp"}) {
        if (!line[name].is_null()) {
            evidence.set(name, line[name]);
        }
    }
    return evidence;
}

intake::Claim claim_of(const Json& line) {
    intake::Claim claim;
    claim.where = first_text(line, {"matched-at", "url", "host", "ip"});
    claim.check = intake::check_id("nuclei", first_text(line, {"template-id", "templateID"}));
    claim.severity = line["info"]["severity"].as_string();
    claim.title = line["info"]["name"].as_string();
    claim.locator = intake::locator_of(claim.where);
    if (const auto& matcher = line["matcher-name"].as_string(); !matcher.empty()) {
        claim.locator += (claim.locator.empty() ? "" : " ") + matcher;
    }
    claim.evidence = evidence_of(line);
    return claim;
}

} // namespace

Intake read_nuclei(std::string_view text, const AssetFinder& find) {
    Intake intake;
    intake.tool = "nuclei";
    std::size_t number = 0;
    for (const auto raw : base::lines(text)) {
        ++number;
        if (base::trim(raw).empty()) {
            continue;
        }
        const auto line = base::parse_json(raw);
        if (!line || !line->is_object()) {
            intake.unmatched.push_back({number, base::shorten(raw, 200), "malformed"});
            continue;
        }
        auto claim = claim_of(*line);
        claim.line = number;
        intake::take(std::move(claim), find, intake);
    }
    return intake;
}

} // namespace fengsui::workflow
