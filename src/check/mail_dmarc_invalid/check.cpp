#include "model/check.h"

#include "check/common/mail_tags.h"
#include "model/mail_policy.h"

namespace fengsui::check {

namespace {

base::Json faults_of(const model::DmarcPolicy& policy) {
    constexpr std::size_t kFaultsShown = 10;
    base::Json faults = base::Json::array();
    for (const auto& fault : policy.faults) {
        if (faults.items().size() < kFaultsShown) {
            faults.push(fault);
        }
    }
    return faults;
}

} // namespace

model::Verdict mail_dmarc_invalid(const model::Observation& seen, const base::Json&) {
    using model::completed;
    const auto& dmarc = seen.mail.dmarc;
    if (!dmarc.outcome.is_completed()) {
        return {dmarc.outcome, {}};
    }
    const auto records = dmarc_records(dmarc.records);
    auto evidence = base::Json::object({{"domain", seen.target.host}, {"name", dmarc.name}});
    if (records.empty() && !seen.mail.dmarc_misspelt.empty()) {
        evidence.set("name", "_dmarc." + seen.target.host);
        evidence.set("records", shown_records(seen.mail.dmarc_misspelt));
        evidence.set("faults", base::Json::array({base::Json("it does not begin with the tag v=DMARC1")}));
        evidence.set("ignored", true);
        return {completed(), {{"", evidence, {}}}};
    }
    if (records.size() != 1) {
        return {}; // mail.dmarc_missing or mail.dmarc_multiple
    }
    const auto policy = model::parse_dmarc(records.front());
    if (policy.faults.empty()) {
        return {};
    }
    evidence.set("records", shown_records(records));
    evidence.set("faults", faults_of(policy));
    evidence.set("ignored", policy.is_void);
    // Without a valid p it does not do what it should; elsewhere the default stands in (RFC 9989 4.7).
    const bool is_light = !policy.p.empty();
    return {completed(), {{"", evidence, is_light ? std::optional(model::Severity::low) : std::nullopt}}};
}

} // namespace fengsui::check
