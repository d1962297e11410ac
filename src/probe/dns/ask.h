// One question of a visit to the resolver.
#pragma once

#include "net/resolver.h"
#include "probe/visit.h"

namespace fengsui::probe::dns {

/// There is no such name, or it has no such records: an answer all the same.
inline bool is_no_name(const model::Outcome& outcome) {
    return outcome == model::not_reached(model::Reason::dns_nxdomain);
}
/// The question was answered, be it by "there is no such name".
inline bool is_answered(const model::Outcome& outcome) {
    return outcome.is_completed() || is_no_name(outcome);
}

/// Skipped when the visit is over.
net::Task<net::DnsAnswer> ask(
    Visit& visit, std::string name, net::DnsType type, net::DnsWish wish = net::DnsWish::plain
);

/// The highest name from the root down to `name` that does not exist; empty when `name` exists or nobody
/// knows. At most eight questions.
net::Task<std::string> highest_missing(Visit& visit, std::string name);

} // namespace fengsui::probe::dns
