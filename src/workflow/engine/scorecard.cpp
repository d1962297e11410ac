// Scorecards rate units on their handling of notices, never persons (principle 5).
#include "store/database.h"
#include "store/score_store.h"
#include "workflow/engine.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace fengsui::workflow {

namespace {

using base::Json;
using store::NoticeScore;

/// Percent of `part` in `whole`; null without a base.
Json percent(std::int64_t part, std::int64_t whole) {
    if (whole == 0) {
        return {};
    }
    const double value = std::round(1000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 10.0;
    return value == std::floor(value) ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

struct Tally {
    std::int64_t part = 0;
    std::int64_t whole = 0;
    void count(bool good) {
        ++whole;
        part += good ? 1 : 0;
    }
    [[nodiscard]] Json percent() const { return workflow::percent(part, whole); }
};

/// Counts what is decided: met, or its time over.
void count_term(
    Tally& tally, std::optional<base::Instant> due, std::optional<base::Instant> met, base::Instant now
) {
    if (due && (met || *due < now)) {
        tally.count(met && *met <= *due);
    }
}

Json median(std::vector<std::int64_t> values) {
    if (values.empty()) {
        return {};
    }
    std::sort(values.begin(), values.end());
    const auto middle = values.size() / 2;
    if (values.size() % 2 == 1) {
        return values[middle];
    }
    const auto sum = values[middle - 1] + values[middle];
    return sum % 2 == 0 ? Json(sum / 2) : Json(static_cast<double>(sum) / 2);
}

/// What the notices of a period come to.
struct Card {
    Tally ack;
    Tally fix;
    Tally first_pass;
    std::vector<std::int64_t> days;
    std::map<std::string, std::vector<std::int64_t>, std::less<>> days_by_severity;

    void count(const NoticeScore& score, base::Instant now) {
        count_term(ack, score.ack_due, score.ack_at, now);
        count_term(fix, score.fix_due, score.fix_at, now);
        if (score.first_pass) {
            first_pass.count(*score.first_pass);
        }
        if (score.fix_days) {
            days.push_back(*score.fix_days);
            days_by_severity[score.severity].push_back(*score.fix_days);
        }
    }
    [[nodiscard]] Json medians() const {
        Json medians = Json::object();
        for (const std::string_view severity : {"critical", "high", "medium", "low"}) {
            const auto list = days_by_severity.find(severity);
            medians.set(severity, list == days_by_severity.end() ? Json() : median(list->second));
        }
        return medians;
    }
};

Json time_or_null(std::optional<base::Instant> at) {
    return at ? Json(base::format_rfc3339(*at)) : Json();
}

} // namespace

Json scorecard(
    store::Database& database,
    const model::UnitId& unit,
    std::optional<base::Instant> from,
    std::optional<base::Instant> until,
    base::Instant now
) {
    store::ScoreStore store(database);
    const auto scores = store.below(unit, from, until);
    Card card;
    for (const auto& score : scores) {
        card.count(score, now);
    }
    const auto recurrence = store.recurrence_below(unit, from, until);
    return Json::object({
        {"id", unit.str()},
        {"unit", unit.str()},
        {"state", "active"},
        {"rev", 1},
        {"created_at", base::format_rfc3339(now)},
        {"created_by", "system"},
        {"drill", false},
        {"from", time_or_null(from)},
        {"until", time_or_null(until)},
        {"issued", static_cast<std::int64_t>(scores.size())},
        {"on_time_ack", card.ack.percent()},
        {"on_time_fix", card.fix.percent()},
        {"first_pass", card.first_pass.percent()},
        {"median_fix_days", median(card.days)},
        {"median_fix_days_by_severity", card.medians()},
        {"recurrence", percent(recurrence.reopened, recurrence.closed)},
        {"overdue_open", store.overdue_below(unit, now)},
        {"zero_report", nullptr},
        {"drills", 0},
    });
}

} // namespace fengsui::workflow
