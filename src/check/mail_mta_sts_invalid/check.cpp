#include "base/text.h"
#include "check/common/mail_exchangers.h"
#include "check/common/mail_tags.h"
#include "model/mail_policy.h"

#include <fmt/format.h>

namespace fengsui::check {

namespace {

using model::Severity;

constexpr std::uint64_t kDay = 86400;

/// What is wrong with the record; empty: one that is valid.
std::string record_fault(const model::TxtLookup& record) {
    if (record.records.size() > 1) {
        return fmt::format("{} records at {}", record.records.size(), record.name);
    }
    const bool is_valid = !record.records.empty() && model::parse_mta_sts_record(record.records.front());
    return is_valid ? std::string() : "the record has no valid id";
}

/// What keeps senders from taking the policy (RFC 8461 3.3); empty: nothing.
std::string fetch_fault(const model::Observation& seen) {
    const auto& sts = seen.mail.mta_sts;
    if (!sts.policy) {
        return "the host mta-sts." + seen.target.host + " does not exist";
    }
    if (!sts.policy->outcome.is_completed()) {
        return "the policy cannot be fetched: " + std::string(to_string(sts.policy->outcome.reason));
    }
    if (sts.policy->status != 200) {
        return fmt::format("the answer is {}, not 200", sts.policy->status);
    }
    const auto certificate =
        sts.endpoint ? certificate_fault(*sts.endpoint, "mta-sts." + seen.target.host, seen.judged_at) : "";
    if (!certificate.empty()) {
        return "the certificate is not valid: " + certificate;
    }
    const auto* type = sts.policy->header("Content-Type");
    if (type == nullptr || !base::istarts_with(base::trim(*type), "text/plain")) {
        return "Content-Type is not text/plain";
    }
    return {};
}

/// A policy is there for everybody to read, though no record says so.
bool has_stray_policy(const model::Observation& seen) {
    const auto& sts = seen.mail.mta_sts;
    return sts.record.records.empty() && fetch_fault(seen).empty()
           && model::parse_mta_sts_policy(sts.policy->body).faults.empty();
}

model::Claim claim_of(
    const model::Observation& seen, std::string locator, std::string fault, std::optional<Severity> severity
) {
    const auto& sts = seen.mail.mta_sts;
    auto evidence = base::Json::object({
        {"domain", seen.target.host},
        {"records", shown_records(sts.record.records)},
        {"fault", std::move(fault)},
    });
    if (sts.policy && sts.policy->outcome.is_completed()) {
        evidence.set("policy", base::shorten(base::scrub_utf8(sts.policy->body), 512));
    }
    return {std::move(locator), std::move(evidence), severity};
}

/// Exchangers that the policy shuts out: mail to them is not delivered under enforce.
void judge_exchangers(
    const model::Observation& seen, const model::MtaStsPolicy& policy, model::Verdict& verdict
) {
    const auto severity = policy.mode == "enforce" ? Severity::high : Severity::low;
    for (const auto& exchanger : seen.mail.exchangers) {
        std::string fault;
        if (!mta_sts_covers(policy, exchanger.name)) {
            fault = "no mx line covers it";
        } else if (lacks_tls(exchanger)) {
            fault = "it offers no TLS";
        } else if (exchanger.tls && exchanger.tls->outcome.is_completed()) {
            fault = certificate_fault(*exchanger.tls, exchanger.name, seen.judged_at);
            fault = fault.empty() ? fault : "its certificate is not valid: " + fault;
        } else {
            verdict.unseen.push_back(exchanger.name);
        }
        if (!fault.empty()) {
            auto claim = claim_of(seen, exchanger.name, fault, severity);
            claim.evidence.set("mode", policy.mode);
            claim.evidence.set("exchanger", exchanger_evidence(exchanger));
            verdict.claims.push_back(std::move(claim));
        }
    }
}

} // namespace

model::Verdict mail_mta_sts_invalid(const model::Observation& seen, const base::Json&) {
    const auto& sts = seen.mail.mta_sts;
    model::Verdict verdict{sts.record.outcome, {}};
    if (!verdict.outcome.is_completed()) {
        return verdict;
    }
    if (sts.record.records.empty()) {
        if (sts.outcome.is_completed() && has_stray_policy(seen)) {
            verdict.claims.push_back(
                claim_of(seen, "", "there is a policy and no _mta-sts record", Severity::low)
            );
        }
        return verdict;
    }
    if (auto fault = record_fault(sts.record); !fault.empty()) {
        return {model::completed(), {claim_of(seen, "", std::move(fault), {})}};
    }
    if (!sts.outcome.is_completed()) {
        return {sts.outcome, {}}; // the policy's host is out of scope, or there was no time
    }
    if (auto fault = fetch_fault(seen); !fault.empty()) {
        return {model::completed(), {claim_of(seen, "", std::move(fault), {})}};
    }
    const auto policy = model::parse_mta_sts_policy(sts.policy->body);
    if (!policy.faults.empty()) {
        return {model::completed(), {claim_of(seen, "", "policy: " + policy.faults.front(), {})}};
    }
    if (policy.mode == "enforce" && *policy.max_age < kDay) {
        verdict.claims.push_back(claim_of(seen, "", "max_age is below a day", Severity::low));
    }
    if (policy.mode != "none") {
        judge_exchangers(seen, policy, verdict);
    }
    return verdict;
}

} // namespace fengsui::check
