#include "model/check.h"

#include "base/text.h"

namespace fengsui::check {

namespace {

base::Json evidence_of(const model::MailExchanger& exchanger) {
    base::Json extensions = base::Json::array();
    for (const auto& extension : exchanger.extensions) {
        extensions.push(base::shorten(base::scrub_utf8(extension), 100));
    }
    return base::Json::object({
        {"exchanger", exchanger.name},
        {"address", exchanger.address ? exchanger.address->str() : std::string()},
        {"banner", base::shorten(base::scrub_utf8(exchanger.banner), 200)},
        {"extensions", extensions},
        {"starttls", exchanger.offers_starttls ? "offered but refused" : "not offered"},
    });
}

} // namespace

model::Verdict mail_starttls_missing(const model::Observation& seen, const base::Json&) {
    using model::completed;
    using model::Offered;
    using model::Reason;
    using model::skipped;
    using model::Verdict;
    const auto& mail = seen.mail;
    if (mail.has_null_mx || mail.exchangers.empty()) { // it takes no mail (RFC 7505)
        return {skipped(Reason::not_applicable), {}};
    }
    Verdict verdict{mail.exchangers.front().outcome, {}};
    for (const auto& exchanger : mail.exchangers) {
        const std::string locator = exchanger.name + ":25";
        if (!exchanger.outcome.is_completed()) {
            verdict.unseen.push_back(locator);
            continue;
        }
        verdict.outcome = completed();
        if (!exchanger.offers_starttls || exchanger.starttls_accepted == Offered::no) {
            verdict.claims.push_back({locator, evidence_of(exchanger), {}});
        }
    }
    return verdict;
}

} // namespace fengsui::check
