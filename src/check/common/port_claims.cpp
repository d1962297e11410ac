#include "check/common/port_claims.h"

#include "base/text.h"

#include <fmt/format.h>

namespace fengsui::check {

namespace {

constexpr std::size_t kBannerShown = 120;

/// Greetings may be binary (MySQL's is): what is no text becomes a dot.
std::string printable(std::string_view banner) {
    std::string out;
    for (const char c : base::trim(banner)) {
        out += c >= ' ' && c < '\x7F' ? c : '.';
    }
    return base::shorten(out, kBannerShown);
}

std::string endpoint_of(const model::PortAttempt& attempt) {
    return attempt.address.is_v4() ? fmt::format("{}:{}", attempt.address.str(), attempt.port)
                                   : fmt::format("[{}]:{}", attempt.address.str(), attempt.port);
}

} // namespace

model::Verdict port_claims(const model::Observation& seen, bool (*wanted)(model::PortKind)) {
    if (seen.ports.answers_everywhere) {
        return {
            model::skipped(model::Reason::not_applicable), {}}; // whatever answers, it is not these services
    }
    model::Verdict verdict;
    for (const auto& attempt : seen.ports.attempts) {
        const auto* known = model::find_known_port(attempt.port);
        if (known == nullptr || !wanted(known->kind) || !attempt.outcome.is_completed()) {
            continue;
        }
        const auto locator = fmt::format("port {}", attempt.port);
        if (!attempt.is_confirmed) {
            verdict.unseen.push_back(locator); // open once, shut the second time
            continue;
        }
        auto evidence =
            base::Json::object({{"endpoint", endpoint_of(attempt)}, {"usual_service", known->service}});
        if (!attempt.banner.empty()) {
            evidence.set("greeting", printable(attempt.banner));
        }
        verdict.claims.push_back({locator, std::move(evidence), known->severity});
    }
    return verdict;
}

} // namespace fengsui::check
