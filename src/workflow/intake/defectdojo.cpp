// DefectDojo's "Generic Findings Import" in JSON: a finding may name several endpoints, each a result.
#include "base/text.h"
#include "workflow/intake/result.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

using base::Json;

/// An endpoint is a URL, a host, or {protocol host port path}.
std::string endpoint_text(const Json& endpoint) {
    if (endpoint.is_string()) {
        return std::string(base::trim(endpoint.as_string()));
    }
    const auto& host = endpoint["host"].as_string();
    const auto& protocol = endpoint["protocol"].as_string();
    if (host.empty() || protocol.empty()) {
        return host;
    }
    const auto& path = endpoint["path"].as_string();
    return fmt::format(
        "{}://{}{}{}{}",
        protocol,
        host,
        endpoint["port"].is_int() ? fmt::format(":{}", endpoint["port"].as_int()) : "",
        path.empty() || path.front() == '/' ? "" : "/",
        path
    );
}

std::string check_of(const Json& finding) {
    for (const std::string_view name : {"vuln_id_from_tool", "cve", "title"}) {
        if (auto id = intake::check_id("defectdojo", finding[name].as_string()); !id.empty()) {
            return id;
        }
    }
    return {};
}

Json evidence_of(const Json& finding) {
    Json evidence = Json::object();
    for (const std::string_view name :
         {"description",
          "steps_to_reproduce",
          "cve",
          "cwe",
          "cvssv3",
          "component_name",
          "component_version",
          "file_path",
          "line",
          "unique_id_from_tool"}) {
        if (!finding[name].is_null()) {
            evidence.set(name, finding[name]);
        }
    }
    return evidence;
}

void take_finding(const Json& finding, std::size_t number, const AssetFinder& find, Intake& intake) {
    intake::Claim claim;
    claim.line = number;
    claim.check = check_of(finding);
    claim.severity = finding["severity"].as_string();
    claim.title = finding["title"].as_string();
    claim.evidence = evidence_of(finding);
    const auto& endpoints = finding["endpoints"].items();
    if (endpoints.empty()) {
        claim.where = finding["service"].as_string();
        intake::take(std::move(claim), find, intake);
        return;
    }
    for (const auto& endpoint : endpoints) {
        auto one = claim;
        one.where = endpoint_text(endpoint);
        one.locator = intake::locator_of(one.where);
        intake::take(std::move(one), find, intake);
    }
}

} // namespace

base::Result<Intake> read_defectdojo(std::string_view text, const AssetFinder& find) {
    auto report = base::parse_json(text);
    if (!report) {
        return report.error().context("the report");
    }
    if (!(*report)["findings"].is_array()) {
        return base::Error(base::ErrorCode::invalid_argument, "the report has no list `findings`");
    }
    Intake intake;
    const auto& type = (*report)["type"].as_string();
    intake.tool = type.empty() ? "defectdojo" : type;
    std::size_t number = 0;
    for (const auto& finding : (*report)["findings"].items()) {
        take_finding(finding, ++number, find, intake);
    }
    return intake;
}

} // namespace fengsui::workflow
