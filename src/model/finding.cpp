#include "model/finding.h"

#include "base/hash.h"
#include "model/url.h"

#include <fmt/format.h>

#include <array>

namespace fengsui::model {

namespace {

constexpr std::array<std::string_view, 5> kSeverities = {"info", "low", "medium", "high", "critical"};

std::string normal_locator(std::string_view locator) {
    auto url = Url::parse(locator);
    return url ? url->str() : std::string(locator);
}

base::Json to_json(const std::vector<std::string>& texts) {
    base::JsonArray items(texts.begin(), texts.end());
    return items;
}

} // namespace

std::string_view to_string(Severity severity) {
    return kSeverities[static_cast<std::size_t>(severity)];
}

std::optional<Severity> parse_severity(std::string_view text) {
    for (std::size_t i = 0; i < kSeverities.size(); ++i) {
        if (kSeverities[i] == text) {
            return static_cast<Severity>(i);
        }
    }
    return std::nullopt;
}

std::string_view to_string(Presence presence) {
    switch (presence) {
    case Presence::present:
        return "present";
    case Presence::absent:
        return "absent";
    case Presence::unknown:
        return "unknown";
    }
    return "unknown";
}

base::Json LocalText::to_json() const {
    return base::Json::object({{"zh", zh}, {"en", en}});
}

base::Json Finding::to_json() const {
    return base::Json::object({
        {"type", "finding"},
        {"id", id.str()},
        {"fingerprint", fingerprint},
        {"check", check.str()},
        {"severity", to_string(severity)},
        {"unit", unit.str()},
        {"target", target},
        {"locator", locator},
        {"title", title.to_json()},
        {"advice", advice.to_json()},
        {"evidence", evidence},
        {"references", model::to_json(references)},
        {"first_seen", base::format_rfc3339(first_seen)},
        {"last_seen", base::format_rfc3339(last_seen)},
    });
}

std::string finding_fingerprint(
    std::string_view check_family, const AssetId& asset, std::string_view locator
) {
    return base::sha256_hex(fmt::format("{}\n{}\n{}", check_family, asset.str(), normal_locator(locator)));
}

FindingId finding_id_of(std::string_view fingerprint) {
    return FindingId("f" + std::string(fingerprint.substr(0, 20)));
}

} // namespace fengsui::model
