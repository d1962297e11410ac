// What runs found, target by target. Blocking.
#pragma once

#include "model/finding.h"

#include <string>
#include <vector>

namespace fengsui::store {

class Database;

/// One check's answer about one target.
struct CheckResult {
    model::CheckId check;
    std::string family; ///< what fingerprints go by; empty: the check's id
    model::Outcome outcome;
    std::vector<model::Finding> findings; ///< only when completed
    std::vector<std::string> unseen{};    ///< locators that it could not see: findings there stay as they are
    bool adds_only = false;               ///< says what is there, nothing of what is not, and no coverage
};

struct TargetResult {
    model::AssetId asset;
    std::string target; ///< the asset as registered
    model::RunId run;
    base::Instant at{};
    std::vector<CheckResult> checks;
    bool ends_target = true; ///< marks the target as done in the run
    std::string tool = "fengsui";
    std::string by = "system"; ///< who handed it in
};

/// What is stored of one asset, for runs that say "all I looked for".
struct StoredFinding {
    model::FindingId id;
    model::CheckId check;
    std::string family;
    std::string locator;
    model::Severity severity = model::Severity::info;
};

enum class ChangeKind : std::uint8_t { found, reappeared, absent, severity_changed };
std::string_view to_string(ChangeKind kind);

struct FindingChange {
    ChangeKind kind = ChangeKind::found;
    model::Finding finding; ///< as stored now
};

struct RecordedTarget {
    std::vector<model::Finding> findings; ///< those found now, with first_seen and last_seen
    std::vector<FindingChange> changes;
};

class FindingStore {
public:
    explicit FindingStore(Database& database) : database_(database) {}

    /// Stores one target's results in one transaction; when it returns they are on the disk. A completed
    /// check makes what it no longer finds absent; any other outcome changes no finding. Recording the same
    /// target of the same run again doubles nothing.
    RecordedTarget record(const TargetResult& result);
    /// Those on that asset that are not known to be absent.
    [[nodiscard]] std::vector<StoredFinding> standing(const model::AssetId& asset);

private:
    Database& database_;
};

} // namespace fengsui::store
