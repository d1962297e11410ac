#include "base/hash.h"
#include "base/text.h"
#include "model/registry.h"
#include "workflow/export.h"

#include <fmt/format.h>

namespace fengsui::workflow {

namespace {

using base::Json;

/// RFC 9562 version 8, from what it names: the same thing has the same id in every export.
std::string uuid_of(std::string_view thing) {
    std::string digits = base::sha256_hex(thing).substr(0, 32);
    digits[12] = '8';
    digits[16] = "89ab"[static_cast<unsigned char>(digits[16]) % 4];
    return fmt::format(
        "{}-{}-{}-{}-{}",
        digits.substr(0, 8),
        digits.substr(8, 4),
        digits.substr(12, 4),
        digits.substr(16, 4),
        digits.substr(20)
    );
}

std::string seconds(base::Instant at) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
}

std::string_view type_of(const std::string& target) {
    const auto parsed = model::AssetTarget::parse(target);
    if (!parsed) {
        return "text";
    }
    switch (parsed->kind) {
    case model::AssetKind::url:
        return "url";
    case model::AssetKind::host:
        return "hostname";
    case model::AssetKind::mail:
        return "domain";
    default:
        return "ip-dst";
    }
}

std::string value_of(const std::string& target) {
    return target.starts_with("mail:") ? target.substr(5) : target;
}

std::string comment_of(const Json& finding) {
    const auto& title = finding["title"];
    const auto& words = title.is_object() ? title["zh"].as_string() : title.as_string();
    return fmt::format(
        "{} | {} | {} | {} | {}",
        finding["id"].as_string(),
        finding["check"].as_string(),
        finding["severity"].as_string(),
        finding["locator"].as_string(),
        words
    );
}

Json attribute_of(const Json& finding, const ExportContext& context) {
    const auto& target = finding["target"].as_string();
    return Json::object({
        {"uuid", uuid_of(context.id + " " + finding["id"].as_string())},
        {"type", type_of(target)},
        {"category", "External analysis"},
        {"to_ids", false},
        {"distribution", "5"},
        {"timestamp", seconds(context.now)},
        {"value", value_of(target)},
        {"comment", comment_of(finding)},
    });
}

/// MISP's threat levels: 1 high, 2 medium, 3 low, 4 undefined; by the worst finding.
std::string threat_level(std::span<const Json> findings) {
    int level = 4;
    for (const auto& finding : findings) {
        const auto& severity = finding["severity"].as_string();
        const int its = severity == "critical" || severity == "high" ? 1
                        : severity == "medium"                       ? 2
                        : severity == "low"                          ? 3
                                                                     : 4;
        level = std::min(level, its);
    }
    return std::to_string(level);
}

} // namespace

std::string to_misp(std::span<const Json> findings, const ExportContext& context) {
    Json attributes = Json::array();
    for (const auto& finding : findings) {
        attributes.push(attribute_of(finding, context));
    }
    const Json organisation =
        Json::object({{"name", context.publisher}, {"uuid", uuid_of("organisation " + context.publisher)}});
    const Json event = Json::object({
        {"uuid", uuid_of("export " + context.id)},
        {"info", fmt::format("Findings for {}", context.receiver)},
        {"date", base::format_rfc3339(context.now).substr(0, 10)},
        {"timestamp", seconds(context.now)},
        {"published", false},
        {"analysis", "2"},
        {"threat_level_id", threat_level(findings)},
        {"distribution", "0"},
        {"Orgc", organisation},
        {"Tag", Json::array({Json::object({{"name", "tlp:amber"}})})},
        {"Attribute", std::move(attributes)},
    });
    return base::to_pretty_text(Json::object({{"Event", event}}));
}

} // namespace fengsui::workflow
