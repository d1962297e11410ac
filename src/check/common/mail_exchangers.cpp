#include "check/common/mail_exchangers.h"

#include "check/common/tls_names.h"

namespace fengsui::check {

std::string certificate_fault(const model::TlsEndpoint& endpoint, std::string_view host, base::Instant at) {
    if (endpoint.chain.empty()) {
        return "no certificate";
    }
    const auto& leaf = endpoint.chain.front();
    if (endpoint.trust != model::Trust::trusted && endpoint.trust != model::Trust::unknown) {
        return "chain " + std::string(to_string(endpoint.trust));
    }
    if (at > leaf.not_after) {
        return "expired";
    }
    if (at < leaf.not_before) {
        return "not yet valid";
    }
    return certificate_covers(leaf, host) ? std::string() : "another name";
}

base::Json exchanger_evidence(const model::MailExchanger& exchanger) {
    const bool was_refused = exchanger.starttls_accepted == model::Offered::no;
    const bool failed = exchanger.tls && !exchanger.tls->outcome.is_completed();
    return base::Json::object({
        {"exchanger", exchanger.name},
        {"address", exchanger.address ? exchanger.address->str() : std::string()},
        {"starttls",
         !exchanger.offers_starttls ? "not offered"
         : was_refused              ? "refused"
         : failed                   ? "handshake failed"
                                    : "accepted"},
    });
}

bool lacks_tls(const model::MailExchanger& exchanger) {
    if (!exchanger.outcome.is_completed()) {
        return false;
    }
    const bool failed =
        exchanger.tls && exchanger.tls->outcome == model::not_reached(model::Reason::tls_failed);
    return !exchanger.offers_starttls || exchanger.starttls_accepted == model::Offered::no || failed;
}

} // namespace fengsui::check
