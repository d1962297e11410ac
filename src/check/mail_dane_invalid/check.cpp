#include "check/common/mail_exchangers.h"
#include "check/common/tls_endpoints.h"
#include "check/common/tls_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::check {

namespace {

using model::Outcome;
using model::Reason;
using model::TlsaRecord;

/// RFC 7672 3.1: DANE-TA(2) and DANE-EE(3), and what of selector and matching type is known.
bool is_usable(const TlsaRecord& record) {
    constexpr std::size_t kSha256Digits = 64;
    constexpr std::size_t kSha512Digits = 128;
    const bool is_sized = record.matching == 0   ? !record.data.empty()
                          : record.matching == 1 ? record.data.size() == kSha256Digits
                                                 : record.data.size() == kSha512Digits;
    return (record.usage == 2 || record.usage == 3) && record.selector >= 0 && record.selector <= 1
           && record.matching >= 0 && record.matching <= 2 && is_sized;
}

/// RFC 7672 3.2.2: the names that a certificate below a trust anchor may have.
bool names_exchanger(const model::Observation& seen, const model::MailExchanger& exchanger) {
    const auto& leaf = exchanger.tls->chain.front();
    return certificate_covers(leaf, exchanger.name) || certificate_covers(leaf, seen.target.host);
}

bool is_in_force(const model::CertificateFacts& leaf, base::Instant at) {
    return leaf.not_before <= at && at <= leaf.not_after;
}

/// RFC 7671 5.1 and 5.2: usage 3 is the leaf's own, whatever its names and dates; usage 2 is an issuer in the
/// chain.
bool fits(const model::Observation& seen, const model::MailExchanger& exchanger, const TlsaRecord& record) {
    const auto& endpoint = *exchanger.tls;
    const auto has = [&](std::size_t position) {
        return std::find(record.matches.begin(), record.matches.end(), static_cast<int>(position))
               != record.matches.end();
    };
    if (record.usage == 3) {
        return has(0);
    }
    const auto path = path_positions(endpoint);
    const bool is_in_chain = std::any_of(path.begin(), path.end(), has)
                             || std::any_of(record.matches.begin(), record.matches.end(), [&](int position) {
                                    return is_sent_root(endpoint, static_cast<std::size_t>(position));
                                });
    return is_in_chain && endpoint.trust != model::Trust::broken && names_exchanger(seen, exchanger)
           && is_in_force(endpoint.chain.front(), seen.judged_at);
}

base::Json shown_tlsa(const std::vector<TlsaRecord>& records) {
    base::Json shown = base::Json::array();
    for (const auto& record : records) {
        shown.push(fmt::format(
            "{} {} {} {}", record.usage, record.selector, record.matching, record.data.substr(0, 128)
        ));
    }
    return shown;
}

/// What is wrong; empty: nothing. `outcome` says when it cannot be told.
std::string fault_of(
    const model::Observation& seen, const model::MailExchanger& exchanger, Outcome& outcome
) {
    const auto& lookup = exchanger.tlsa;
    if (!exchanger.outcome.is_completed()) {
        outcome = exchanger.outcome;
        return {};
    }
    if (lacks_tls(exchanger)) {
        return "there are TLSA records and no TLS";
    }
    if (!exchanger.tls || !exchanger.tls->outcome.is_completed() || exchanger.tls->chain.empty()) {
        outcome = exchanger.tls ? exchanger.tls->outcome : model::not_reached(Reason::tls_failed);
        return {};
    }
    std::size_t usable = 0;
    for (const auto& record : lookup.records) {
        usable += is_usable(record) ? 1 : 0;
        if (is_usable(record) && fits(seen, exchanger, record)) {
            return {};
        }
    }
    return usable == 0 ? std::string()
                       : "no TLSA record fits the certificate"; // RFC 7672 2.2: TLS is enough then
}

} // namespace

model::Verdict mail_dane_invalid(const model::Observation& seen, const base::Json&) {
    const auto& mail = seen.mail;
    model::Verdict verdict{mail.mx_outcome, {}};
    std::optional<Outcome> blind;
    bool is_any_told = false;
    for (const auto& exchanger : mail.exchangers) {
        const auto locator = exchanger.name + ":25";
        Outcome outcome = exchanger.tlsa.outcome;
        std::string fault;
        // RFC 7672 2.2: only records of a signed zone count, reached over a signed MX.
        const bool counts = exchanger.tlsa.is_secure && mail.is_mx_secure && !exchanger.tlsa.records.empty();
        if (outcome.is_completed() && counts) {
            fault = fault_of(seen, exchanger, outcome);
        }
        if (!outcome.is_completed()) {
            verdict.unseen.push_back(locator);
            blind = blind.value_or(outcome);
            continue;
        }
        is_any_told = true;
        if (!fault.empty()) {
            auto evidence = exchanger_evidence(exchanger);
            evidence.set("name", exchanger.tlsa.name);
            evidence.set("tlsa", shown_tlsa(exchanger.tlsa.records));
            evidence.set("fault", fault);
            if (exchanger.tls && !exchanger.tls->chain.empty()) {
                evidence.set("spki_sha256", exchanger.tls->chain.front().spki_sha256);
                evidence.set("certificate_sha256", exchanger.tls->chain.front().sha256);
            }
            verdict.claims.push_back({locator, std::move(evidence), {}});
        }
    }
    if (blind && !is_any_told) {
        verdict.outcome = *blind;
    }
    return verdict;
}

} // namespace fengsui::check
