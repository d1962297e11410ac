#include "workflow/engine/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fengsui::workflow {

namespace {

using store::NoticeScore;

struct Tally {
    std::int64_t issued = 0;
    std::int64_t closed = 0;
    std::int64_t overdue = 0;

    void count(const NoticeScore& score, base::Instant now) {
        ++issued;
        closed += score.fix_at ? 1 : 0;
        overdue += !score.fix_at && score.fix_due && *score.fix_due < now ? 1 : 0;
    }
    [[nodiscard]] Json fields(std::string_view name, std::string text) const {
        return Json::object(
            {{std::string(name), std::move(text)},
             {"issued", issued},
             {"closed", closed},
             {"overdue", overdue}}
        );
    }
};

std::string month_of(base::Instant at, const Calendar& calendar) {
    return base::format_date(calendar.date_of(at)).substr(0, 7);
}

void add_months(
    const std::vector<NoticeScore>& scores, const Calendar& calendar, base::Instant now, Json& fields
) {
    std::map<std::string, Tally> months;
    for (const auto& score : scores) {
        months[month_of(score.issued_at, calendar)].count(score, now);
    }
    Json list = Json::array();
    for (const auto& [month, tally] : months) {
        list.push(tally.fields("label", month));
    }
    fields.set("by_month", std::move(list));
}

void add_severities(
    Operation& op, const std::vector<NoticeScore>& scores, base::Language language, Json& fields
) {
    Json list = Json::array();
    for (const std::string_view severity : {"critical", "high", "medium", "low", "info"}) {
        const auto count = std::count_if(scores.begin(), scores.end(), [&](const auto& one) {
            return one.severity == severity;
        });
        if (count > 0) {
            list.push(Json::object(
                {{"label", op.parts.rulebook.label(language, "severity", severity)},
                 {"count", std::int64_t{count}}}
            ));
        }
    }
    fields.set("by_severity", std::move(list));
}

/// Units with the most that is late, then the most notices.
void add_units(Operation& op, const std::vector<NoticeScore>& scores, const Request& request, Json& fields) {
    constexpr std::size_t kShown = 20;
    std::map<std::string, Tally> units;
    for (const auto& score : scores) {
        units[score.unit.str()].count(score, request.now);
    }
    std::vector<std::pair<std::string, Tally>> sorted(units.begin(), units.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return std::pair(a.second.overdue, a.second.issued) > std::pair(b.second.overdue, b.second.issued);
    });
    sorted.resize(std::min(sorted.size(), kShown));
    Json list = Json::array();
    for (const auto& [id, tally] : sorted) {
        const auto unit = op.tree.find(model::UnitId(id));
        auto row = tally.fields("name", unit ? unit->name : id);
        const auto card = scorecard(op.parts.database, model::UnitId(id), {}, {}, request.now);
        for (const std::string_view member : {"on_time_ack", "on_time_fix", "first_pass"}) {
            row.set(member, card[member]);
        }
        list.push(std::move(row));
    }
    fields.set("by_unit", std::move(list));
}

} // namespace

Json summary_fields(Operation& op, const model::UnitId& unit, base::Instant from, base::Instant until) {
    const auto calendar = op.calendar_of(unit);
    const auto about = op.tree.find(unit);
    const auto language = about && about->language == "en" ? base::Language::en : base::Language::zh;
    const auto scores = op.scores.below(unit, from, until);
    Json fields = scorecard(op.parts.database, unit, from, until, op.now);
    fields.set("unit", about ? about->name : unit.str());
    fields.set("district", about ? about->name : unit.str());
    fields.set("office", about ? about->name : unit.str());
    fields.set("date", base::format_date(calendar.date_of(op.now)));
    fields.set("period_from", base::format_date(calendar.date_of(from)));
    fields.set("period_until", base::format_date(calendar.date_of(until - std::chrono::milliseconds(1))));
    const auto closed =
        std::count_if(scores.begin(), scores.end(), [](const auto& one) { return one.fix_at.has_value(); });
    fields.set("closed", std::int64_t{closed});
    fields.set("open", static_cast<std::int64_t>(scores.size()) - closed);
    add_months(scores, calendar, op.now, fields);
    add_severities(op, scores, language, fields);
    add_units(op, scores, {op.actor, op.now, {}}, fields);
    return fields;
}

} // namespace fengsui::workflow
