// Questions to a zone's own name servers, without recursion. Each needs a ticket for the server's address.
#pragma once

#include "model/scope.h"
#include "net/dns_message.h"
#include "net/task.h"

#include <optional>

namespace fengsui::net {

class Politeness;
class Runtime;

struct DirectAnswer {
    model::Outcome outcome; ///< completed: a message came that answers the question, whatever it says
    std::optional<DnsMessage> message;
};

/// Twice when nothing comes. UDP is no connection: politeness does not count it.
Task<DirectAnswer> ask_over_udp(
    Runtime& runtime, model::ScopeTicket ticket, std::uint16_t port, DnsQuestion question, Deadline deadline
);
Task<DirectAnswer> ask_over_tcp(
    Runtime& runtime,
    Politeness& politeness,
    model::ScopeTicket ticket,
    std::uint16_t port,
    DnsQuestion question,
    Deadline deadline
);

struct TransferBeginning {
    model::Outcome outcome; ///< completed: answered, be it by a refusal or by hanging up
    DnsCode code = DnsCode::no_error;
    std::vector<DnsRecord> records;
};
/// AXFR (RFC 5936), broken off as soon as `limit` records have come; more are dropped unread.
Task<TransferBeginning> begin_transfer(
    Runtime& runtime,
    Politeness& politeness,
    model::ScopeTicket ticket,
    std::uint16_t port,
    std::string zone,
    std::size_t limit,
    Deadline deadline
);

} // namespace fengsui::net
