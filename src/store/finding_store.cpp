#include "store/finding_store.h"

#include "store/audit_store.h"
#include "store/database.h"
#include "store/sqlite/finding_writer.h"
#include "store/sqlite/history_seal.h"

namespace fengsui::store {

namespace {

base::Json details_of(const TargetResult& result, const std::vector<FindingChange>& changes) {
    auto details = base::Json::object({{"run", result.run.str()}});
    for (const auto kind :
         {ChangeKind::found, ChangeKind::reappeared, ChangeKind::absent, ChangeKind::severity_changed}) {
        base::Json ids;
        for (const auto& change : changes) {
            if (change.kind == kind) {
                ids.push(change.finding.id.str());
            }
        }
        if (!ids.is_null()) {
            details.set(to_string(kind), std::move(ids));
        }
    }
    return details;
}

} // namespace

std::string_view to_string(ChangeKind kind) {
    switch (kind) {
    case ChangeKind::found:
        return "found";
    case ChangeKind::reappeared:
        return "reappeared";
    case ChangeKind::absent:
        return "absent";
    case ChangeKind::severity_changed:
        return "severity_changed";
    }
    return "found";
}

RecordedTarget FindingStore::record(const TargetResult& result) {
    auto& connection = database_.connection();
    sqlite::Transaction transaction(connection);
    auto recorded = sqlite::FindingWriter(connection, result).write();
    // Every change is told; what only the history notes is sealed all the same.
    if (!recorded.changes.empty() || sqlite::has_unsealed_history(connection)) {
        AuditStore(database_).append(
            {result.at,
             result.by,
             "findings_recorded",
             "assets",
             result.asset.str(),
             details_of(result, recorded.changes)}
        );
    }
    transaction.commit();
    return recorded;
}

std::vector<StoredFinding> FindingStore::standing(const model::AssetId& asset) {
    auto& connection = database_.connection();
    const sqlite::Reading reading(connection);
    auto rows = connection.prepare("SELECT id, check_id, family, locator, severity FROM findings WHERE asset "
                                   "= ? AND presence <> 'absent' ORDER BY seq");
    rows.bind(asset.str());
    std::vector<StoredFinding> findings;
    while (rows.step()) {
        findings.push_back(
            {model::FindingId(rows.text(0)),
             model::CheckId(rows.text(1)),
             rows.text(2),
             rows.text(3),
             model::parse_severity(rows.text(4)).value_or(model::Severity::info)}
        );
    }
    return findings;
}

} // namespace fengsui::store
