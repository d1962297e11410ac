#include "check/common/exposure_proof.h"
#include "check/common/exposure_text.h"

#include <algorithm>
#include <iterator>

namespace fengsui::check {

namespace {

constexpr std::size_t kLines = 200;
constexpr std::size_t kLinesNeeded = 3;

bool names_level(std::string_view line) {
    constexpr std::string_view kLevels[] = {
        "ERROR",
        "WARN",
        "INFO",
        "DEBUG",
        "NOTICE",
        "FATAL",
        "CRITICAL",
        "[error]",
        "[warn]",
        "[notice]",
        "[crit]"};
    return std::any_of(std::begin(kLevels), std::end(kLevels), [&](auto level) {
        return line.find(level) != std::string_view::npos;
    });
}

bool names_request(std::string_view line) {
    constexpr std::string_view kRequests[] = {
        "] \"GET ", "] \"POST ", "] \"HEAD ", "] \"OPTIONS ", "] \"PUT "};
    return std::any_of(std::begin(kRequests), std::end(kRequests), [&](auto request) {
        return line.find(request) != std::string_view::npos;
    });
}

/// Common log format, Apache's and nginx's error logs, PHP's, and lines that begin with date, time and a
/// level.
std::string_view line_kind(std::string_view line) {
    const auto bracket = line.find('[');
    const auto inner = bracket == std::string_view::npos ? std::string_view() : line.substr(bracket);
    if (begins_with_shape(inner, "[dd/aaa/dddd:dd:dd:dd") && names_request(line)) {
        return "access log";
    }
    if (begins_with_shape(line, "[aaa aaa dd dd:dd:dd") && line.find("] [") != std::string_view::npos) {
        return "Apache error log";
    }
    if (begins_with_shape(line, "[dd-aaa-dddd dd:dd:dd") && line.find("] PHP ") != std::string_view::npos) {
        return "PHP error log";
    }
    const auto start = line.substr(!line.empty() && line.front() == '[' ? 1 : 0);
    const bool has_time = begins_with_shape(start, "dddd-dd-dd dd:dd:dd")
                          || begins_with_shape(start, "dddd/dd/dd dd:dd:dd")
                          || begins_with_shape(start, "dddd-dd-ddTdd:dd:dd");
    return has_time && names_level(line) ? "log with times and levels" : "";
}

std::optional<FileProof> prove(const model::HttpExchange& exchange) {
    if (looks_like_html(exchange.body)) {
        return std::nullopt;
    }
    std::size_t count = 0;
    std::string_view first;
    for (const auto line : meaningful_lines(exchange.body, kLines)) {
        if (!line_kind(line).empty()) {
            first = count == 0 ? line : first;
            ++count;
        }
    }
    if (count < kLinesNeeded) {
        return std::nullopt;
    }
    base::Json details = base::Json::object({{"log_lines_read", static_cast<std::uint64_t>(count)}});
    // Only the beginning: what follows may be anything that a program saw fit to write down.
    return FileProof{
        std::string(line_kind(first)), masked_log_line(first.substr(0, 60)), std::move(details), {}};
}

} // namespace

model::Verdict exposure_log_file(const model::Observation& seen, const base::Json&) {
    return judge_exposure(seen, {"exposure.log_file", prove, false});
}

} // namespace fengsui::check
