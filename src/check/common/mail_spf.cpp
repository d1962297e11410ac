#include "check/common/mail_spf.h"

#include <algorithm>

namespace fengsui::check {

namespace {

constexpr std::size_t kProblemsShown = 10;

base::Json spf_evidence(
    const model::Observation& seen, const model::SpfReport& report, const std::vector<model::SpfFault>& faults
) {
    base::Json problems = base::Json::array();
    for (const auto& problem : report.problems) {
        const bool is_meant = std::find(faults.begin(), faults.end(), problem.fault) != faults.end();
        if (is_meant && problems.items().size() < kProblemsShown) {
            problems.push(base::Json::object({
                {"fault", to_string(problem.fault)},
                {"domain", problem.domain},
                {"term", problem.term},
            }));
        }
    }
    return base::Json::object({
        {"domain", seen.target.host},
        {"problems", problems},
        {"look_ups", static_cast<std::uint64_t>(report.look_ups)},
        {"void_look_ups", static_cast<std::uint64_t>(report.void_look_ups)},
    });
}

} // namespace

model::SpfReport spf_report(const model::Observation& seen) {
    return model::evaluate_spf(
        seen.mail.domain.empty() ? seen.target.host : seen.mail.domain, seen.mail.spf_answers
    );
}

model::Verdict judge_spf(const model::Observation& seen, const std::vector<model::SpfFault>& faults) {
    const auto report = spf_report(seen);
    const auto evidence = spf_evidence(seen, report, faults);
    if (!evidence["problems"].items().empty()) {
        return {model::completed(), {{"", evidence, {}}}};
    }
    if (!report.unseen.is_completed()) {
        return {report.unseen, {}};
    }
    // The first question itself was never answered, or the deadline came before the last.
    return {
        report.needed
            ? (seen.mail.spf.outcome.is_completed() ? model::skipped(model::Reason::deadline)
                                                    : seen.mail.spf.outcome)
            : model::completed(),
        {}};
}

} // namespace fengsui::check
