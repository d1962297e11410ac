#include "check/catalog.h"

#include "check/embedded.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::check {

namespace {

using base::Error;
using base::ErrorCode;
using base::Json;

Error bad(const Json& at, std::string_view what) {
    return {ErrorCode::invalid_argument, fmt::format("line {}: {}", at.line(), what)};
}

model::LocalText local_text(const Json& yaml, std::string_view field) {
    const Json& text = yaml[field];
    if (text["zh"].as_string().empty() || text["en"].as_string().empty()) {
        throw bad(yaml, fmt::format("{}: both zh and en are needed", field));
    }
    return {text["zh"].as_string(), text["en"].as_string()};
}

void require_known_fields(const Json& yaml) {
    constexpr std::string_view kKnown[] = {
        "id",
        "aliases",
        "severity",
        "class",
        "reads",
        "needs",
        "title",
        "advice",
        "verify",
        "references",
        "parameters"};
    for (const auto& [name, value] : yaml.members()) {
        if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
            throw bad(value, fmt::format("\"{}\" is not a field of check.yaml", name));
        }
    }
}

model::CheckInfo read_info(const Json& yaml) {
    require_known_fields(yaml);
    model::CheckInfo info;
    info.id = model::CheckId(yaml["id"].as_string());
    for (const auto& alias : yaml["aliases"].items()) {
        info.aliases.emplace_back(alias.as_string());
    }
    info.family = info.aliases.empty() ? info.id.str() : info.aliases.front().str();
    const auto severity = model::parse_severity(yaml["severity"].as_string());
    const auto reads = model::parse_observation_part(yaml["reads"].as_string());
    if (info.id.empty() || !severity || !reads) {
        throw bad(yaml, "id, severity and reads must be given and known");
    }
    info.severity = *severity;
    info.reads = *reads;
    for (const auto& need : yaml["needs"].items()) {
        const auto part = model::parse_observation_part(need.as_string());
        if (!part) {
            throw bad(need, fmt::format("needs: \"{}\" is not a part of an observation", need.as_string()));
        }
        info.needs.push_back(*part);
    }
    const auto& probe_class = yaml["class"].as_string();
    if (probe_class != "passive" && probe_class != "careful") {
        throw bad(yaml, "class: passive or careful");
    }
    info.probe_class = probe_class == "careful" ? model::ProbeClass::careful : model::ProbeClass::passive;
    info.title = local_text(yaml, "title");
    info.advice = local_text(yaml, "advice");
    info.verify = local_text(yaml, "verify");
    for (const auto& reference : yaml["references"].items()) {
        info.references.push_back(reference.as_string());
    }
    info.parameters = yaml["parameters"].is_null() ? Json::object() : yaml["parameters"];
    return info;
}

std::vector<Check> load_catalog() {
    std::vector<Check> checks;
    for (const auto& embedded : embedded_checks()) {
        auto info = parse_check_info(embedded.yaml);
        FENGSUI_CHECK(info.has_value(), info ? "" : info.error().what());
        checks.push_back({std::move(*info), embedded.function});
    }
    std::sort(checks.begin(), checks.end(), [](const Check& a, const Check& b) {
        return a.info.id < b.info.id;
    });
    return checks;
}

} // namespace

const std::vector<Check>& catalog() {
    static const std::vector<Check> checks = load_catalog();
    return checks;
}

const Check* find_check(std::string_view id) {
    const model::CheckId wanted(id);
    for (const auto& check : catalog()) {
        const auto& aliases = check.info.aliases;
        if (check.info.id == wanted || std::find(aliases.begin(), aliases.end(), wanted) != aliases.end()) {
            return &check;
        }
    }
    return nullptr;
}

model::Verdict judge(const Check& check, const model::Observation& observation) {
    const bool too_careful = check.info.probe_class == model::ProbeClass::careful
                             && observation.probe_class == model::ProbeClass::passive;
    const auto seen = observation.outcome_of(check.info.reads);
    const bool applies = seen != model::skipped(model::Reason::not_applicable);
    if (too_careful && applies) {
        return {model::refused(model::Reason::policy), {}};
    }
    if (!seen.is_completed()) {
        return {seen, {}};
    }
    return check.function(observation, check.info.parameters);
}

base::Result<model::CheckInfo> parse_check_info(std::string_view yaml) {
    auto document = base::parse_yaml(yaml);
    if (!document) {
        return document.error();
    }
    try {
        return read_info(*document);
    } catch (const Error& error) {
        return error;
    }
}

} // namespace fengsui::check
