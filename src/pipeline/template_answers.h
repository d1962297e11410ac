// What came over the network, in the form that templates read. Pure.
#pragma once

#include "model/tls.h"
#include "net/dns_message.h"
#include "template/facts.h"
#include "template/request.h"

namespace fengsui::pipeline {

/// The record type of that name; nothing for types that no question is asked about.
std::optional<net::DnsType> dns_type_of(std::string_view name);

/// As nuclei's DNS client prints a message: dig-like lines, and the records by type.
templates::DnsAnswer dns_answer_of(const templates::DnsRequest& request, const net::DnsMessage& message);

/// The endpoint's facts under tlsx's names. `now` decides what has expired.
base::Json tls_facts_of(const model::TlsEndpoint& endpoint, base::Instant now);

/// Where the chain goes on after `answer`: the request for the next hop, checked by the rules of sending
/// again. Nothing: the chain ends here (no redirect, not wanted, to another host than wanted, refused).
std::optional<templates::PlannedRequest> next_hop(
    const templates::PlannedRequest& first,
    const templates::PlannedRequest& sent,
    const model::HttpExchange& answer
);

} // namespace fengsui::pipeline
