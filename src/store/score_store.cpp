#include "store/score_store.h"

#include "store/database.h"
#include "store/sqlite/handle.h"

#include <fmt/format.h>

#include <limits>

namespace fengsui::store {

namespace {

using sqlite::Reading;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::string_view kBelow =
    "WITH RECURSIVE below (id) AS (SELECT ? UNION SELECT u.id FROM units u JOIN below b ON u.parent = b.id) ";
constexpr std::string_view kScoreColumns =
    "notice, unit, severity, issued_at, ack_due, ack_at, fix_due, fix_at, fix_days, first_pass";

NoticeScore score_of(const Statement& row) {
    NoticeScore score;
    score.notice = row.text(0);
    score.unit = model::UnitId(row.text(1));
    score.severity = row.text(2);
    score.issued_at = row.instant(3);
    score.ack_due = row.maybe_instant(4);
    score.ack_at = row.maybe_instant(5);
    score.fix_due = row.maybe_instant(6);
    score.fix_at = row.maybe_instant(7);
    score.fix_days = row.is_null(8) ? std::nullopt : std::optional(row.integer(8));
    score.first_pass = row.is_null(9) ? std::nullopt : std::optional(row.integer(9) != 0);
    return score;
}

void bind_maybe(Statement& statement, std::optional<std::int64_t> number) {
    number ? statement.bind(*number) : statement.bind_null();
}

base::Instant first_instant(std::optional<base::Instant> from) {
    return from.value_or(base::Instant(std::chrono::milliseconds(std::numeric_limits<std::int64_t>::min() / 2)
    ));
}

base::Instant last_instant(std::optional<base::Instant> until) {
    return until.value_or(
        base::Instant(std::chrono::milliseconds(std::numeric_limits<std::int64_t>::max() / 2))
    );
}

} // namespace

void ScoreStore::put(const NoticeScore& score) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    auto insert = connection.prepare(fmt::format(
        "INSERT OR REPLACE INTO notice_scores ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kScoreColumns
    ));
    insert.bind(score.notice)
        .bind(score.unit.str())
        .bind(score.severity)
        .bind(score.issued_at)
        .bind(score.ack_due)
        .bind(score.ack_at)
        .bind(score.fix_due)
        .bind(score.fix_at);
    bind_maybe(insert, score.fix_days);
    bind_maybe(insert, score.first_pass ? std::optional(std::int64_t{*score.first_pass}) : std::nullopt);
    insert.run();
    transaction.commit();
}

std::optional<NoticeScore> ScoreStore::find(std::string_view notice) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row =
        connection.prepare(fmt::format("SELECT {} FROM notice_scores WHERE notice = ?", kScoreColumns));
    row.bind(notice);
    return row.step() ? std::optional(score_of(row)) : std::nullopt;
}

void ScoreStore::remove(std::string_view notice) {
    auto& connection = database_.connection();
    Transaction transaction(connection);
    connection.prepare("DELETE FROM notice_scores WHERE notice = ?").bind(notice).run();
    transaction.commit();
}

std::vector<NoticeScore> ScoreStore::below(
    const model::UnitId& unit, std::optional<base::Instant> from, std::optional<base::Instant> until
) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto rows = connection.prepare(fmt::format(
        "{}SELECT {} FROM notice_scores WHERE unit IN (SELECT id FROM below) AND issued_at >= ? AND "
        "issued_at < ? ORDER "
        "BY issued_at, notice",
        kBelow,
        kScoreColumns
    ));
    rows.bind(unit.str()).bind(first_instant(from)).bind(last_instant(until));
    std::vector<NoticeScore> scores;
    while (rows.step()) {
        scores.push_back(score_of(rows));
    }
    return scores;
}

RecurrenceCount ScoreStore::recurrence_below(
    const model::UnitId& unit, std::optional<base::Instant> from, std::optional<base::Instant> until
) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(fmt::format(
        "{}SELECT COUNT(*), COALESCE(SUM(CASE WHEN reopened > 0 THEN 1 ELSE 0 END), 0) FROM findings WHERE "
        "closed_at >= "
        "? AND closed_at < ? AND drill = 0 AND unit IN (SELECT id FROM below)",
        kBelow
    ));
    row.bind(unit.str()).bind(first_instant(from)).bind(last_instant(until));
    row.step();
    return {row.integer(0), row.integer(1)};
}

std::int64_t ScoreStore::overdue_below(const model::UnitId& unit, base::Instant now) {
    auto& connection = database_.connection();
    const Reading reading(connection);
    auto row = connection.prepare(fmt::format(
        "{}SELECT COUNT(*) FROM records WHERE collection = 'obligations' AND state = 'pending' AND due < ? "
        "AND drill = 0 "
        "AND unit IN (SELECT id FROM below)",
        kBelow
    ));
    row.bind(unit.str()).bind(now);
    row.step();
    return row.integer(0);
}

} // namespace fengsui::store
