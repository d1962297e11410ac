#include "store/grade_store.h"

#include "store/database.h"
#include "store/sqlite/handle.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace fengsui::store {

namespace {

using sqlite::Connection;
using sqlite::Reading;
using sqlite::Statement;
using sqlite::Transaction;

using Standings = std::map<std::string, model::CheckStanding>;

void add_coverage(Connection& connection, const model::AssetId& asset, Standings& standings) {
    // What does not apply, and what the authorisation does not allow, is nothing that was missed.
    auto rows =
        connection.prepare("SELECT check_id, last_completed_at FROM coverage WHERE asset = ? AND "
                           "(last_completed_at IS NOT NULL OR NOT "
                           "((status = 'skipped' AND reason = 'not_applicable') OR status = 'refused'))");
    rows.bind(asset.str());
    while (rows.step()) {
        auto& standing = standings[rows.text(0)];
        standing.check = model::CheckId(rows.text(0));
        standing.is_judged = !rows.is_null(1);
    }
}

void add_findings(Connection& connection, const model::AssetId& asset, Standings& standings) {
    auto rows = connection.prepare("SELECT check_id, id, severity, state FROM findings WHERE asset = ? AND "
                                   "presence = 'present' AND state <> "
                                   "'dismissed' ORDER BY seq");
    rows.bind(asset.str());
    while (rows.step()) {
        auto& standing = standings[rows.text(0)];
        const auto severity = model::parse_severity(rows.text(2)).value_or(model::Severity::info);
        const bool is_accepted = rows.text(3) == "accepted";
        standing.check = model::CheckId(rows.text(0));
        standing.is_accepted = is_accepted && (!standing.worst || standing.is_accepted);
        standing.worst = std::max(standing.worst.value_or(severity), severity);
        standing.findings.push_back(rows.text(1));
    }
}

StoredGrade read_grade(const Statement& row) {
    return {
        model::AssetId(row.text(0)), model::UnitId(row.text(1)), row.instant(2), row.integer(3), row.text(4)};
}

std::int64_t day_of(base::Instant at) {
    return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

} // namespace

std::vector<model::CheckStanding> GradeStore::standings_of(const model::AssetId& asset) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    Standings standings;
    add_coverage(connection, asset, standings);
    add_findings(connection, asset, standings);
    std::vector<model::CheckStanding> list;
    for (auto& [check, standing] : standings) {
        list.push_back(std::move(standing));
    }
    return list;
}

void GradeStore::keep(const StoredGrade& grade) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection.prepare("UPDATE grades SET is_newest = 0 WHERE asset = ? AND is_newest = 1")
        .bind(grade.asset.str())
        .run();
    connection
        .prepare(
            "INSERT INTO grades (asset, unit, day, at, score, grade, is_newest) SELECT a.id, a.unit, ?, ?, "
            "?, ?, 1 "
            "FROM assets a WHERE a.id = ? ON CONFLICT (asset, day) DO UPDATE SET unit = excluded.unit, at = "
            "excluded.at, score = excluded.score, grade = excluded.grade, is_newest = 1"
        )
        .bind(day_of(grade.at))
        .bind(grade.at)
        .bind(grade.score)
        .bind(grade.grade)
        .bind(grade.asset.str())
        .run();
    transaction.commit();
}

std::vector<StoredGrade> GradeStore::history(const model::AssetId& asset) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows =
        connection.prepare("SELECT asset, unit, at, score, grade FROM grades WHERE asset = ? ORDER BY day");
    rows.bind(asset.str());
    std::vector<StoredGrade> grades;
    while (rows.step()) {
        grades.push_back(read_grade(rows));
    }
    return grades;
}

GradeStore::Place GradeStore::place_of(std::int64_t score, const model::UnitId& top) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare("SELECT COUNT(CASE WHEN score <= ? THEN 1 END), COUNT(*) FROM grades WHERE "
                                  "is_newest = 1 AND unit IN (SELECT "
                                  "unit FROM unit_below WHERE top = ?)");
    row.bind(score).bind(top.str());
    row.step();
    return {row.integer(0), row.integer(1)};
}

std::vector<StoredGrade> GradeStore::newest_below(const model::UnitId& top, std::size_t limit) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(
        "SELECT asset, unit, at, score, grade FROM grades WHERE is_newest = 1 AND unit IN (SELECT unit FROM "
        "unit_below WHERE top = ?) ORDER BY score, asset LIMIT ?"
    );
    rows.bind(top.str()).bind(static_cast<std::int64_t>(limit));
    std::vector<StoredGrade> grades;
    while (rows.step()) {
        grades.push_back(read_grade(rows));
    }
    return grades;
}

} // namespace fengsui::store
