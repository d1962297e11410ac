#include "model/check.h"

#include "check/common/mail_tags.h"
#include "model/mail_policy.h"

namespace fengsui::check {

namespace {

using model::Severity;

struct KeyFault {
    std::string what;
    Severity severity = Severity::medium;
};

/// RFC 8301 section 3: below 1024 bits and SHA-1 alone are not accepted; 2048 bits are recommended.
std::optional<KeyFault> fault_of(const model::DkimRecord& key) {
    if (key.is_revoked || !key.fault.empty()) {
        return std::nullopt;
    }
    if (key.key_type == "rsa" && key.key_bits < 1024) {
        return KeyFault{"RSA key below 1024 bits", Severity::high};
    }
    if (key.hashes.size() == 1 && key.hashes.front() == "sha1") {
        return KeyFault{"only SHA-1 is allowed", Severity::medium};
    }
    if (key.key_type == "rsa" && key.key_bits < 2048) {
        return KeyFault{"RSA key below 2048 bits", Severity::low};
    }
    return std::nullopt;
}

} // namespace

model::Verdict mail_dkim_weak_key(const model::Observation& seen, const base::Json&) {
    using model::Reason;
    const auto& keys = seen.mail.dkim_keys;
    if (keys.empty()) {
        return {model::skipped(Reason::not_applicable), {}}; // selectors cannot be found out
    }
    model::Verdict verdict{keys.front().lookup.outcome, {}};
    bool is_any_seen = false;
    for (const auto& key : keys) {
        const auto locator = key.selector + "._domainkey." + seen.target.host;
        if (!key.lookup.outcome.is_completed() || key.lookup.records.size() != 1) {
            verdict.unseen.push_back(locator); // RFC 6376 3.6.2.2: with several nobody knows which
            continue;
        }
        is_any_seen = true;
        const auto record = model::parse_dkim(key.lookup.records.front());
        if (const auto fault = fault_of(record)) {
            const auto evidence = base::Json::object({
                {"selector", key.selector},
                {"name", locator},
                {"record", shown_records(key.lookup.records).items().front()},
                {"key_type", record.key_type},
                {"key_bits", record.key_bits},
                {"fault", fault->what},
            });
            verdict.claims.push_back({locator, evidence, fault->severity});
        }
    }
    if (is_any_seen) {
        verdict.outcome = model::completed();
    } else if (verdict.outcome.is_completed()) {
        verdict.outcome =
            model::not_reached(Reason::dns_nxdomain); // the selectors that we were told are not there
    }
    return verdict;
}

} // namespace fengsui::check
