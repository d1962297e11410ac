// Instants, dates and their texts. All instants are UTC inside; texts carry an offset.
#pragma once

#include "base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace fengsui::base {

/// A point of civil time, UTC, millisecond grain. For deadlines use std::chrono::steady_clock.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Date = std::chrono::year_month_day;

/// The system clock. Pure modules never call it; they are handed the instant.
Instant now();

/// RFC 3339 with offset, e.g. `2026-11-24T16:00:00+08:00` or `…Z`; fractions are kept to milliseconds.
Result<Instant> parse_rfc3339(std::string_view text);
/// `2026-11-24T16:00:00Z`, with milliseconds only when they are not zero.
std::string format_rfc3339(Instant at);

/// `2026-11-24`, also `2026/11/24` and `2026/1/4` as spreadsheets write them.
Result<Date> parse_date(std::string_view text);
std::string format_date(Date date);

/// The first instant of `date` at UTC+`offset`.
Instant start_of(Date date, std::chrono::minutes offset);
/// The date at UTC+`offset` that `at` falls on.
Date date_of(Instant at, std::chrono::minutes offset);

/// HTTP dates (RFC 9110 5.6.7: IMF-fixdate, RFC 850, asctime).
Result<Instant> parse_http_date(std::string_view text);
std::string format_http_date(Instant at);

} // namespace fengsui::base
