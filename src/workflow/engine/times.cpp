#include "workflow/engine/times.h"

namespace fengsui::workflow {

std::optional<base::Instant> point_in_time(const base::Json& value, const Calendar& calendar) {
    if (auto at = base::parse_rfc3339(value.as_string())) {
        return *at;
    }
    if (auto date = base::parse_date(value.as_string())) {
        const auto first = std::chrono::local_days(*date);
        return calendar.zone.to_utc(base::LocalTime(first.time_since_epoch()));
    }
    return std::nullopt;
}

std::optional<base::Instant> moved_due(const base::Json& value, base::Instant due, const Calendar& calendar) {
    if (auto period = parse_period(value.as_string()); period && period->is_workday()) {
        return add_period(due, *period, calendar);
    }
    auto at = base::parse_rfc3339(value.as_string());
    return at ? std::optional(*at) : std::nullopt;
}

} // namespace fengsui::workflow
