#include "model/check.h"

#include "base/text.h"
#include "check/common/mail_tags.h"

namespace fengsui::check {

namespace {

bool is_policy(std::string_view value) {
    return base::iequals(value, "none") || base::iequals(value, "quarantine")
           || base::iequals(value, "reject");
}

/// A record found above the domain speaks of it with `sp` before `p`.
std::string policy_of(const TagList& tags, bool is_inherited) {
    if (is_inherited) {
        const auto sp = tags.find("sp");
        if (sp && is_policy(*sp)) {
            return base::to_lower(*sp);
        }
    }
    const auto p = tags.find("p");
    if (p && is_policy(*p)) {
        return base::to_lower(*p);
    }
    // Without a usable p, a valid rua makes it p=none; without either the record is void (RFC 9989).
    const auto rua = tags.find("rua");
    return rua && base::icontains(*rua, "mailto:") ? "none" : "";
}

} // namespace

model::Verdict mail_dmarc_policy_none(const model::Observation& seen, const base::Json&) {
    const auto& dmarc = seen.mail.dmarc;
    if (!dmarc.outcome.is_completed()) {
        return {dmarc.outcome, {}};
    }
    const auto policies = dmarc_records(dmarc.records);
    if (policies.size() != 1) {
        return {}; // mail.dmarc_missing tells of it
    }
    const TagList tags(policies.front());
    const bool is_inherited = !dmarc.name.empty() && !base::iequals(dmarc.name, "_dmarc." + seen.target.host);
    const auto policy = policy_of(tags, is_inherited);
    const bool is_testing = base::iequals(tags.find("t").value_or("n"), "y"); // one step weaker
    if (policy != "none" && !(policy == "quarantine" && is_testing)) {
        return {};
    }
    const auto evidence = base::Json::object({
        {"domain", seen.target.host},
        {"name", dmarc.name},
        {"record", base::shorten(base::scrub_utf8(policies.front()), 512)},
        {"policy", policy},
        {"testing", is_testing},
    });
    return {model::completed(), {{"", evidence, {}}}};
}

} // namespace fengsui::check
