// DNS questions about the asset's zone and mail domain: to the resolver, and to the zone's own name servers
// where they are in scope.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::dns {

/// DNSSEC and CAA of the asset's host or mail domain.
net::Task<model::ZoneObservation> look_at_zone(Visit& visit);

/// The zone's name servers: their addresses, what each says when asked itself (SOA, over UDP and TCP) and,
/// under `careful`, whether it begins a zone transfer.
net::Task<model::DelegationFacts> look_at_delegation(Visit& visit, std::string zone);

/// MX with the exchangers' addresses (none is contacted), SPF, DMARC, DKIM, TLS-RPT, TLSA of a mail domain.
net::Task<model::MailObservation> look_at_mail(Visit& visit);

} // namespace fengsui::probe::dns
