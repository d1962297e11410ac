#include "probe/observe.h"

#include "base/hash.h"
#include "probe/dns/probe.h"
#include "probe/http/probe.h"
#include "probe/ipv6.h"
#include "probe/mta_sts.h"
#include "probe/ports/probe.h"
#include "probe/smtp/probe.h"
#include "probe/tls/probe.h"

#include <algorithm>

namespace fengsui::probe {

namespace {

using model::AssetKind;
using model::Outcome;
using model::Reason;
using Part = model::ObservationPart;

bool wants_any(const Plan& plan, std::initializer_list<Part> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](Part part) { return plan.wants(part); });
}

bool has_name(const Visit& visit) {
    return !visit.is_literal();
}

/// Everything that needs a conversation with the target came to this.
void set_site_outcome(const Visit& visit, Outcome outcome, model::Observation& seen) {
    seen.web.outcome = outcome;
    seen.web.plain.end = outcome;
    seen.web.secure.end = outcome;
    seen.web.security_txt.end = outcome;
    seen.tls.outcome = outcome;
    seen.exposure.outcome = visit.is_careful() ? outcome : model::refused(Reason::policy);
    seen.scripts.outcome = outcome;
    seen.integrity.outcome = outcome;
    seen.ports.outcome = ports::has_ports(seen.target) ? outcome : model::skipped(Reason::not_applicable);
    seen.ipv6.outcome = visit.is_literal() ? model::skipped(Reason::not_applicable) : outcome;
}

void set_mail_outcome(Outcome outcome, model::Observation& seen) {
    seen.mail.dns_outcome = outcome;
    seen.mail.mx_outcome = outcome;
    seen.mail.spf.outcome = outcome;
    seen.mail.dmarc.outcome = outcome;
    seen.mail.smtp_outcome = outcome;
    seen.mail.mta_sts.outcome = outcome;
}

void set_zone_outcome(Outcome outcome, model::Observation& seen) {
    seen.zone.outcome = outcome;
    seen.zone.dnssec.outcome = outcome;
    seen.zone.caa.outcome = outcome;
    seen.zone.delegation.outcome = outcome;
    seen.zone.delegation.asked_outcome = outcome;
    seen.zone.delegation.transfer_outcome = outcome;
}

bool needs_pages(const Plan& plan) {
    return wants_any(
        plan,
        {Part::whole,
         Part::web,
         Part::document,
         Part::options,
         Part::security_txt,
         Part::exposure,
         Part::ipv6,
         Part::ipv6_pages,
         Part::ipv6_links,
         Part::scripts,
         Part::integrity}
    );
}

/// Last of all: a firewall may shut us out for asking, and that must not look like a fault of anything else.
net::Task<> look_at_hidden_paths(Visit& visit, model::Observation& seen) {
    if (!visit.is_careful()) {
        seen.exposure.outcome = model::refused(Reason::policy); // contracts.md section 4
    } else if (visit.plan().wants(Part::exposure)) {
        seen.exposure = co_await http::look_for_exposures(visit, seen.web);
    }
}

/// The zone itself, and its servers where a check wants to know of them.
net::Task<> look_at_names(Visit& visit, model::Observation& seen) {
    const auto& plan = visit.plan();
    const bool wants_servers = wants_any(plan, {Part::delegation, Part::name_servers, Part::transfer});
    if (!has_name(visit) || (!wants_servers && !plan.wants(Part::zone))) {
        co_return;
    }
    seen.zone = co_await dns::look_at_zone(visit);
    if (wants_servers) {
        seen.zone.delegation = co_await dns::look_at_delegation(visit, seen.zone.dnssec.zone);
    }
}

net::Task<> look_at_site(Visit& visit, model::Observation& seen) {
    const auto reached = co_await visit.reach(visit.host());
    seen.name.resolution = reached.resolution;
    seen.name.outcome = reached.resolution.outcome;
    if (seen.name.outcome.is_completed() && reached.resolution.addresses.empty()) {
        seen.name.outcome = reached.outcome; // the name exists but has no address
    }
    co_await look_at_names(visit, seen);
    if (!reached.outcome.is_completed()) {
        set_site_outcome(visit, reached.outcome, seen);
        co_return;
    }
    if (needs_pages(visit.plan())) {
        seen.web = co_await http::look_at_web(visit);
    }
    if (visit.plan().wants(Part::tls)) {
        seen.tls = co_await tls::look_at_tls(visit, seen.web);
    }
    if (visit.plan().wants(Part::scripts)) {
        seen.scripts = co_await http::look_at_scripts(visit, seen.web);
    }
    if (visit.plan().wants(Part::integrity)) {
        seen.integrity = co_await http::look_at_integrity(visit, seen.web);
    }
    if (wants_any(visit.plan(), {Part::ipv6, Part::ipv6_pages, Part::ipv6_name_servers, Part::ipv6_links})) {
        seen.ipv6 = co_await look_at_ipv6(visit, seen.web);
    }
    co_await look_at_hidden_paths(visit, seen);
    if (visit.plan().wants(Part::ports) && ports::has_ports(seen.target)) {
        seen.ports = co_await ports::look_at_ports(visit);
    }
}

net::Task<> look_at_mail_domain(Visit& visit, model::Observation& seen) {
    const auto& plan = visit.plan();
    co_await look_at_names(visit, seen);
    if (wants_any(plan, {Part::mail_dns, Part::smtp, Part::mta_sts})) {
        seen.mail = co_await dns::look_at_mail(visit);
    }
    if (plan.wants(Part::mta_sts)) {
        co_await look_at_mta_sts(visit, seen.mail);
    }
    if (plan.wants(Part::smtp)) {
        co_await smtp::look_at_exchangers(visit, seen.mail);
    }
}

/// Nothing is asked, not even the DNS.
void refuse_all(const Visit& visit, Reason reason, model::Observation& seen) {
    const auto outcome = model::refused(reason);
    if (seen.target.kind == AssetKind::mail) {
        set_mail_outcome(outcome, seen);
    } else {
        set_site_outcome(visit, outcome, seen);
        seen.exposure.outcome = outcome;
        seen.name.outcome = outcome;
        seen.name.resolution.outcome = outcome;
    }
    if (has_name(visit)) {
        set_zone_outcome(outcome, seen);
    }
}

} // namespace

bool Plan::wants(model::ObservationPart part) const {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
}

net::Task<model::Observation> observe(
    const Services& services, model::Asset asset, Plan plan, net::Deadline deadline
) {
    Visit visit(services, asset, plan, deadline);
    model::Observation seen;
    seen.target = asset.target;
    seen.target_text = asset.value;
    seen.probe_class = asset.probe_class;
    seen.judged_at = plan.judged_at;
    seen.knowledge = services.knowledge;
    seen.mail.domain = asset.target.kind == AssetKind::mail ? visit.host() : std::string();
    if (asset.target.kind == AssetKind::prefix) {
        co_return seen; // a block of addresses is nobody to look at
    }
    const auto objection = services.scope.permits_host(asset.id, visit.host());
    if (objection != Reason::none) {
        refuse_all(visit, objection, seen);
    } else if (asset.target.kind == AssetKind::mail) {
        co_await look_at_mail_domain(visit, seen);
    } else {
        co_await look_at_site(visit, seen);
    }
    if (plan.wants(Part::transfer) && objection == Reason::none) {
        co_await dns::look_at_transfers(visit, seen.zone.delegation);
    }
    visit.close_conversations();
    co_return seen;
}

std::string control_name(const model::AssetId& asset, base::Instant judged_at, std::string_view salt) {
    constexpr std::size_t kDigits = 12; // 48 bits: nobody has a file of that name
    const auto day = base::format_date(base::date_of(judged_at, std::chrono::minutes(0)));
    std::string text = asset.str();
    text.append(1, '\n').append(day).append(1, '\n').append(salt);
    return "fs-" + base::sha256_hex(text).substr(0, kDigits);
}

} // namespace fengsui::probe
