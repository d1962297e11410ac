#include "base/text.h"
#include "check/common/mail_spf.h"
#include "check/common/mail_tags.h"

namespace fengsui::check {

namespace {

using model::Severity;

enum class Result : std::uint8_t { pass, neutral, restrictive, other_decides };

bool is_everybody(std::string_view mechanism) {
    return base::iequals(mechanism, "all") || base::iequals(mechanism, "ip4:0.0.0.0/0")
           || base::iequals(mechanism, "ip6:::/0") || base::iequals(mechanism, "ip6:0::/0");
}

/// What a sender gets that nothing else in the record lists.
Result result_for_strangers(const std::vector<std::string_view>& terms) {
    bool has_redirect = false;
    for (auto term : terms) {
        has_redirect = has_redirect || base::istarts_with(term, "redirect=");
        const bool is_qualified = std::string_view("+-~?").find(term.front()) != std::string_view::npos;
        const char qualifier = is_qualified ? term.front() : '+'; // RFC 7208 4.6.2
        term.remove_prefix(is_qualified ? 1 : 0);
        if (!is_everybody(term)) {
            continue;
        }
        return qualifier == '+' ? Result::pass : qualifier == '?' ? Result::neutral : Result::restrictive;
    }
    return has_redirect ? Result::other_decides : Result::neutral; // RFC 7208 4.7
}

/// Through includes and redirects, as far as the probe saw; the record alone where it saw no more.
Result judged_result(const model::Observation& seen, const std::string& record, model::SpfReport& report) {
    if (seen.mail.spf_answers.empty()) {
        return result_for_strangers(spf_terms(record));
    }
    report = spf_report(seen);
    return report.result == "pass"      ? Result::pass
           : report.result == "neutral" ? Result::neutral
                                        : Result::restrictive; // errors are other checks' business
}

} // namespace

model::Verdict mail_spf_permissive(const model::Observation& seen, const base::Json&) {
    const auto& spf = seen.mail.spf;
    if (!spf.outcome.is_completed()) {
        return {spf.outcome, {}};
    }
    const auto records = spf_records(spf.records);
    if (records.size() != 1) { // none or several: permerror, other checks' business (RFC 7208 4.5)
        return {};
    }
    model::SpfReport report;
    const auto result = judged_result(seen, records.front(), report);
    if (!report.unseen.is_completed()) {
        return {report.unseen, {}};
    }
    if (result == Result::restrictive || result == Result::other_decides) {
        return {};
    }
    const bool passes = result == Result::pass;
    auto evidence = base::Json::object({
        {"domain", seen.target.host},
        {"record", base::shorten(base::scrub_utf8(records.front()), 512)},
        {"result_for_strangers", passes ? "pass" : "neutral"},
    });
    if (!report.decided_by.empty()) {
        evidence.set("decided_by", report.decided_by);
    }
    if (!spf.name.empty() && spf.name != seen.target.host) {
        evidence.set("redirected_to", spf.name);
    }
    return {model::completed(), {{"", evidence, passes ? Severity::high : Severity::medium}}};
}

} // namespace fengsui::check
