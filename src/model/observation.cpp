#include "model/observation.h"

#include <array>

namespace fengsui::model {

namespace {

constexpr std::array<std::string_view, 22> kParts = {
    "whole",        "name",       "zone",         "web",      "document",   "options",
    "security_txt", "exposure",   "tls",          "mail_dns", "smtp",       "ipv6",
    "mta_sts",      "delegation", "name_servers", "transfer", "ipv6_pages", "ipv6_name_servers",
    "ipv6_links",   "scripts",    "ports",        "integrity"};

/// Coverage of a chain whose final answer is wanted.
Outcome chain_outcome(const HttpChain& chain) {
    if (chain.hops.empty()) {
        return chain.end;
    }
    return chain.reached() ? chain.end : chain.hops.front().outcome;
}

Outcome document_outcome(const WebObservation& web) {
    if (web.document() != nullptr) {
        return completed();
    }
    const Outcome secure = chain_outcome(web.secure);
    const bool secure_tells = secure.status == CoverageStatus::refused || !web.plain.reached();
    return secure_tells && secure != Outcome() ? secure : chain_outcome(web.plain);
}

} // namespace

std::optional<ObservationPart> parse_observation_part(std::string_view text) {
    for (std::size_t i = 0; i < kParts.size(); ++i) {
        if (kParts[i] == text) {
            return static_cast<ObservationPart>(i);
        }
    }
    return std::nullopt;
}

std::string_view to_string(ObservationPart part) {
    return kParts[static_cast<std::size_t>(part)];
}

const HttpExchange* WebObservation::document() const {
    const HttpExchange* over_tls = secure.final();
    return over_tls != nullptr ? over_tls : plain.final();
}

Outcome Observation::outcome_of(ObservationPart part) const {
    switch (part) {
    case ObservationPart::whole:
        return completed();
    case ObservationPart::name:
        return name.outcome;
    case ObservationPart::zone:
        return zone.outcome;
    case ObservationPart::web:
        return web.outcome;
    case ObservationPart::document:
        return web.outcome.is_completed() ? document_outcome(web) : web.outcome;
    case ObservationPart::options:
        return web.options                  ? web.options->outcome
               : web.outcome.is_completed() ? skipped(Reason::not_applicable)
                                            : web.outcome;
    case ObservationPart::security_txt:
        return web.outcome.is_completed() ? chain_outcome(web.security_txt) : web.outcome;
    case ObservationPart::exposure:
        return exposure.outcome;
    case ObservationPart::tls:
        return tls.outcome;
    case ObservationPart::mail_dns:
        return mail.dns_outcome;
    case ObservationPart::smtp:
        return mail.smtp_outcome;
    case ObservationPart::ipv6:
        return ipv6.outcome;
    case ObservationPart::mta_sts:
        return mail.mta_sts.outcome;
    case ObservationPart::delegation:
        return zone.delegation.outcome;
    case ObservationPart::name_servers:
        return zone.delegation.asked_outcome;
    case ObservationPart::transfer:
        return zone.delegation.transfer_outcome;
    case ObservationPart::ipv6_pages:
        return ipv6.outcome.is_completed() ? ipv6.pages.outcome : ipv6.outcome;
    case ObservationPart::ipv6_name_servers:
        return ipv6.outcome.is_completed() ? ipv6.name_servers.outcome : ipv6.outcome;
    case ObservationPart::ipv6_links:
        return ipv6.outcome.is_completed() ? ipv6.links.outcome : ipv6.outcome;
    case ObservationPart::scripts:
        return scripts.outcome;
    case ObservationPart::ports:
        return ports.outcome;
    case ObservationPart::integrity:
        return integrity.outcome;
    }
    return {};
}

} // namespace fengsui::model
