// A claim about somebody's system, with its proof.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "model/ids.h"
#include "model/outcome.h"

#include <optional>
#include <string>
#include <vector>

namespace fengsui::model {

enum class Severity : std::uint8_t { info, low, medium, high, critical };
std::string_view to_string(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

/// What the machine knows (people's view is `state`).
enum class Presence : std::uint8_t { present, absent, unknown };
std::string_view to_string(Presence presence);

struct LocalText {
    std::string zh;
    std::string en;
    [[nodiscard]] base::Json to_json() const;
    bool operator==(const LocalText&) const = default;
};

/// What a check says about an observation: one thing that is so, where, and how to see it.
struct Claim {
    std::string locator;              ///< URL, host:port or name; empty: the target as a whole
    base::Json evidence;              ///< an object; secrets masked
    std::optional<Severity> severity; ///< when it differs from the check's
};

/// A check's whole answer. Without claims and completed: the condition is absent.
struct Verdict {
    Outcome outcome = completed();
    std::vector<Claim> claims;
    /// Locators that a completed check could not see this time: what was found there stays as it was.
    std::vector<std::string> unseen{};
};

struct Finding {
    FindingId id;
    std::string fingerprint; ///< hash of check family, asset and normalised locator
    CheckId check;
    Severity severity = Severity::info;
    UnitId unit;
    AssetId asset;
    std::string target; ///< the asset as registered
    std::string locator;
    LocalText title;
    LocalText advice;
    base::Json evidence;
    std::vector<std::string> references;
    base::Json more; ///< of an imported one: {disclosure, provider}; else null
    base::Instant first_seen{};
    base::Instant last_seen{};

    /// The result line of contracts.md section 3.
    [[nodiscard]] base::Json to_json() const;
};

/// Never of severity, title or tool; the locator without its default port and trailing dot.
std::string finding_fingerprint(
    std::string_view check_family, const AssetId& asset, std::string_view locator
);
FindingId finding_id_of(std::string_view fingerprint);

} // namespace fengsui::model
