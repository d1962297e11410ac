// One planned request of a template, sent for an asset's sake: guarded again, admitted by the registry,
// polite. The only way from templates to the network.
#pragma once

#include "probe/visit.h"
#include "template/facts.h"
#include "template/request.h"

namespace fengsui::pipeline {

struct TemplateAnswer {
    model::Outcome outcome; ///< completed: hops has the answer
    std::vector<std::shared_ptr<const templates::ResponseFacts>> hops;
};

/// Lives in the frame of one target's flow, as its visit does.
class TemplateSender {
public:
    TemplateSender(probe::Visit& visit, const templates::Target& target, base::Instant now)
        : visit_(visit), target_(target), now_(now) {}

    /// Every network failure is an outcome. Refused by the rules of sending: refused/policy.
    net::Task<TemplateAnswer> send(templates::PlannedRequest request);

private:
    net::Task<TemplateAnswer> send_http(templates::PlannedRequest first);
    net::Task<TemplateAnswer> send_dns(templates::DnsRequest request);
    net::Task<TemplateAnswer> send_ssl(templates::SslRequest request);
    net::Task<TemplateAnswer> send_tcp(templates::TcpRequest request);
    net::Task<net::Connected> connect(std::string host, std::uint16_t port);
    std::shared_ptr<const templates::ResponseFacts> facts_of(
        const templates::HttpRequest& request, model::HttpExchange answer
    );

    probe::Visit& visit_;
    const templates::Target& target_;
    base::Instant now_;
    std::vector<std::string> cnames_;
    model::Outcome silent_;          ///< what the host's silence was, once it is believed
    unsigned failures_in_a_row_ = 0; ///< connections that came to nothing
};

} // namespace fengsui::pipeline
