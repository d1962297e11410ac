#include "model/outcome.h"

#include <array>

namespace fengsui::model {

namespace {

constexpr std::array<std::string_view, 4> kStatuses = {"completed", "not_reached", "skipped", "refused"};
constexpr std::array<std::string_view, 17> kReasons = {
    "none",
    "dns_nxdomain",
    "dns_servfail",
    "dns_timeout",
    "refused",
    "timeout",
    "reset",
    "tls_failed",
    "http_invalid",
    "rate_limited",
    "not_registered",
    "not_authorised",
    "private_address",
    "policy",
    "not_applicable",
    "stopped",
    "deadline"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view text) {
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace

std::string_view to_string(CoverageStatus status) {
    return kStatuses[static_cast<std::size_t>(status)];
}

std::string_view to_string(Reason reason) {
    return kReasons[static_cast<std::size_t>(reason)];
}

std::optional<CoverageStatus> parse_coverage_status(std::string_view text) {
    return parse<CoverageStatus>(kStatuses, text);
}

std::optional<Reason> parse_reason(std::string_view text) {
    return parse<Reason>(kReasons, text);
}

} // namespace fengsui::model
