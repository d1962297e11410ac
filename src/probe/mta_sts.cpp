#include "probe/mta_sts.h"

#include "model/mail_policy.h"
#include "probe/dns/ask.h"
#include "probe/session_facts.h"

namespace fengsui::probe {

net::Task<> look_at_mta_sts(Visit& visit, model::MailObservation& mail) {
    auto& sts = mail.mta_sts;
    sts.outcome = sts.record.outcome;
    if (!sts.outcome.is_completed()) {
        co_return;
    }
    const auto host = "mta-sts." + mail.domain;
    const auto reached = co_await visit.reach(host);
    if (dns::is_no_name(reached.outcome)) {
        co_return; // completed: there is no such host, hence no policy
    }
    if (!reached.outcome.is_completed()) {
        sts.outcome = reached.outcome;
        co_return;
    }
    net::HttpRequest request;
    request.url.scheme = model::Scheme::https;
    request.url.host = host;
    request.url.port = 443;
    request.url.path = "/.well-known/mta-sts.txt";
    request.extra = {{"Accept", "text/plain"}};
    request.limits.body = model::kMtaStsLimit + 1;
    sts.policy = co_await visit.fetch(std::move(request), true);
    const auto* session = visit.tls_session(host, 443);
    if (session != nullptr) {
        sts.endpoint = endpoint_of(visit.services().trust, *session);
        sts.endpoint->host = host;
        sts.endpoint->address = sts.policy->address.value_or(reached.admitted.front());
    }
    const auto& outcome = sts.policy->outcome;
    const bool is_ours =
        outcome.status == model::CoverageStatus::skipped || outcome.status == model::CoverageStatus::refused;
    sts.outcome = is_ours ? outcome : model::completed(); // a host that does not answer is an answer here
    visit.close_conversations();
}

} // namespace fengsui::probe
