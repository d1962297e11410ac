// Coverage: what became of looking, so that absence can be told from blindness.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fengsui::model {

enum class CoverageStatus : std::uint8_t { completed, not_reached, skipped, refused };

/// The closed list of contracts.md section 3; `none` goes with `completed`.
enum class Reason : std::uint8_t {
    none,
    dns_nxdomain, ///< also: the name exists but has no address
    dns_servfail,
    dns_timeout,
    refused,
    timeout, ///< also: no route to the host
    reset,
    tls_failed,
    http_invalid,
    rate_limited,
    not_registered,
    not_authorised,
    private_address,
    policy,
    not_applicable,
    stopped,
    deadline,
};

std::string_view to_string(CoverageStatus status);
std::string_view to_string(Reason reason);
std::optional<CoverageStatus> parse_coverage_status(std::string_view text);
std::optional<Reason> parse_reason(std::string_view text);

/// How one look ended. The default is that nobody looked.
struct Outcome {
    CoverageStatus status = CoverageStatus::skipped;
    Reason reason = Reason::not_applicable;

    [[nodiscard]] bool is_completed() const { return status == CoverageStatus::completed; }
    bool operator==(const Outcome&) const = default;
};

constexpr Outcome completed() {
    return {CoverageStatus::completed, Reason::none};
}
constexpr Outcome not_reached(Reason reason) {
    return {CoverageStatus::not_reached, reason};
}
constexpr Outcome skipped(Reason reason) {
    return {CoverageStatus::skipped, reason};
}
constexpr Outcome refused(Reason reason) {
    return {CoverageStatus::refused, reason};
}

} // namespace fengsui::model
