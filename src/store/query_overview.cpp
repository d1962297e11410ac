// The overview's aggregates.
#include "store/database.h"
#include "store/query_store.h"
#include "store/sqlite/condition.h"
#include "store/sqlite/records.h"

#include <fmt/format.h>

#include <array>
#include <map>

namespace fengsui::store {

namespace {

using base::Json;
using sqlite::Condition;
using sqlite::Connection;
using sqlite::Statement;

constexpr std::array<std::string_view, 5> kWorstFirst = {"critical", "high", "medium", "low", "info"};
constexpr int kDays = 30;
constexpr std::int64_t kDayMilliseconds = 86'400'000;

using Counts = std::map<std::string, std::int64_t, std::less<>>;

Json to_json(const Counts& counts) {
    auto json = Json::object();
    for (const auto severity : kWorstFirst) {
        const auto count = counts.find(severity);
        json.set(severity, count == counts.end() ? std::int64_t{0} : count->second);
    }
    return json;
}

Statement query(
    Connection& connection, const std::string& select, const Condition& condition, std::string_view rest
) {
    auto rows = connection.prepare(fmt::format("{}{}{}", select, condition.sql(), rest));
    condition.bind(rows);
    return rows;
}

Counts present_by_severity(Connection& connection, const VisibleUnits& visible) {
    Condition condition;
    condition.add("presence = 'present'");
    condition.add_visible("unit", visible);
    auto rows = query(connection, "SELECT severity, COUNT(*) FROM findings", condition, " GROUP BY severity");
    Counts counts;
    while (rows.step()) {
        counts[rows.text(0)] = rows.integer(1);
    }
    return counts;
}

Json by_unit(Connection& connection, const VisibleUnits& visible) {
    Condition condition;
    condition.add("presence = 'present'");
    condition.add_visible("unit", visible);
    auto rows = query(
        connection,
        "SELECT g.unit, COALESCE(u.name, ''), g.severity, g.n FROM (SELECT unit, severity, COUNT(*) AS n "
        "FROM findings",
        condition,
        " GROUP BY unit, severity) g LEFT JOIN units u ON u.id = g.unit ORDER BY g.unit"
    );
    std::map<std::pair<std::string, std::string>, Counts> units;
    while (rows.step()) {
        units[{rows.text(0), rows.text(1)}][rows.text(2)] = rows.integer(3);
    }
    auto list = Json::array();
    for (const auto& [unit, counts] : units) {
        auto line = to_json(counts);
        line.set("unit", unit.first);
        line.set("name", unit.second);
        list.push(std::move(line));
    }
    return list;
}

/// How the number of present findings changed: day (counted from 1970 at the asker's offset) to counts.
class DailyChanges {
public:
    DailyChanges(Connection& connection, std::int64_t offset, std::int64_t since, const VisibleUnits& visible)
        : connection_(connection), offset_(offset), since_(since), visible_(visible) {
        add_found();
        add_events("reappeared", 1);
        add_events("seen_again", 1);
        add_events("absent", -1);
        add_events("asset_withdrawn", -1);
    }

    [[nodiscard]] const Counts& of(std::int64_t day) { return days_[day]; }

private:
    void add(Statement& rows, int sign) {
        while (rows.step()) {
            days_[rows.integer(0)][rows.text(1)] += sign * rows.integer(2);
        }
    }

    void add_found() {
        Condition condition;
        condition.add("first_seen >= ?", since_);
        condition.add_visible("unit", visible_);
        auto rows = query(
            connection_,
            fmt::format(
                "SELECT (first_seen + {}) / {}, severity, COUNT(*) FROM findings", offset_, kDayMilliseconds
            ),
            condition,
            " GROUP BY 1, 2"
        );
        add(rows, 1);
    }

    void add_events(std::string_view event, int sign) {
        Condition condition;
        condition.add("h.collection = 'findings'");
        condition.add("h.event = ?", std::string(event));
        condition.add("h.at >= ?", since_);
        // Of an unknown finding that turned out absent nothing was present to go away.
        condition.add("(h.event <> 'absent' OR h.from_state = 'present')");
        condition.add_visible("f.unit", visible_);
        auto rows = query(
            connection_,
            fmt::format(
                "SELECT (h.at + {}) / {}, f.severity, COUNT(*) FROM history h JOIN findings f ON "
                "f.id = h.record",
                offset_,
                kDayMilliseconds
            ),
            condition,
            " GROUP BY 1, 2"
        );
        add(rows, sign);
    }

    Connection& connection_;
    std::int64_t offset_;
    std::int64_t since_;
    const VisibleUnits& visible_;
    std::map<std::int64_t, Counts> days_;
};

Json daily(
    Connection& connection, base::Instant now, std::chrono::minutes offset, const VisibleUnits& visible
) {
    const std::int64_t shift = std::chrono::milliseconds(offset).count();
    const std::int64_t today = (now.time_since_epoch().count() + shift) / kDayMilliseconds;
    const std::int64_t since = (today - kDays + 1) * kDayMilliseconds - shift;
    DailyChanges changes(connection, shift, since, visible);
    // From today's counts backwards: the evening before had what today has, less today's changes.
    auto counts = present_by_severity(connection, visible);
    std::vector<Json> days;
    for (std::int64_t day = today; day > today - kDays; --day) {
        auto line = to_json(counts);
        line.set("date", base::format_date(base::Date(std::chrono::sys_days(std::chrono::days(day)))));
        days.insert(days.begin(), std::move(line));
        for (const auto& [severity, change] : changes.of(day)) {
            counts[severity] -= change;
        }
    }
    return Json::array(std::move(days));
}

Json coverage(Connection& connection, const VisibleUnits& visible) {
    Condition condition;
    // Results of a registry file have no asset row; those of withdrawn assets no longer count.
    condition.add("COALESCE(a.state, 'active') = 'active'");
    condition.add_visible("a.unit", visible);
    auto rows = query(
        connection,
        "SELECT c.status, c.reason, COUNT(*) FROM coverage c LEFT JOIN assets a ON a.id = c.asset",
        condition,
        " GROUP BY c.status, c.reason"
    );
    Counts statuses = {{"completed", 0}, {"not_reached", 0}, {"skipped", 0}, {"refused", 0}};
    auto reasons = Json::object();
    while (rows.step()) {
        statuses[rows.text(0)] += rows.integer(2);
        if (const auto reason = rows.text(1); !reason.empty()) {
            reasons.set(reason, reasons[reason].as_int() + rows.integer(2));
        }
    }
    auto assets = query(
        connection,
        "SELECT COUNT(*), COALESCE(SUM(reached), 0) FROM (SELECT c.asset, MAX(CASE WHEN c.status = "
        "'completed' THEN 1 ELSE 0 END) AS "
        "reached FROM "
        "coverage c LEFT JOIN assets a ON a.id = c.asset",
        condition,
        " GROUP BY c.asset) g"
    );
    assets.step();
    auto json = Json::object({{"targets", assets.integer(0)}, {"reached", assets.integer(1)}});
    for (const auto& [status, count] : statuses) {
        json.set(status, count);
    }
    json.set("reasons", std::move(reasons));
    return json;
}

/// The ten worst, of equal ones the oldest first.
Json worst(Connection& connection, const VisibleUnits& visible) {
    constexpr std::size_t kMost = 10;
    auto list = Json::array();
    for (const auto severity : kWorstFirst) {
        Condition condition;
        condition.add("f.presence = 'present'");
        condition.add("f.severity = ?", std::string(severity));
        condition.add_visible("f.unit", visible);
        auto rows =
            query(connection, std::string(sqlite::finding_select()), condition, " ORDER BY f.seq LIMIT 10");
        while (list.items().size() < kMost && rows.step()) {
            list.push(sqlite::finding_json(rows));
        }
    }
    return list;
}

/// The ten found last, of those found together the newest first.
Json newest(Connection& connection, const VisibleUnits& visible) {
    Condition condition;
    condition.add("f.presence = 'present'");
    condition.add_visible("f.unit", visible);
    auto rows = query(
        connection,
        std::string(sqlite::finding_select()),
        condition,
        " ORDER BY f.first_seen DESC, f.seq DESC LIMIT 10"
    );
    auto list = Json::array();
    while (rows.step()) {
        list.push(sqlite::finding_json(rows));
    }
    return list;
}

} // namespace

Json QueryStore::overview(base::Instant now, std::chrono::minutes offset, const VisibleUnits& visible) {
    auto& connection = database_.connection();
    const sqlite::Reading reading(connection);
    return Json::object(
        {{"findings_by_severity", to_json(present_by_severity(connection, visible))},
         {"by_unit", by_unit(connection, visible)},
         {"daily", daily(connection, now, offset, visible)},
         {"coverage", coverage(connection, visible)},
         {"worst", worst(connection, visible)},
         {"newest", newest(connection, visible)}}
    );
}

} // namespace fengsui::store
