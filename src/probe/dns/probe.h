// DNS questions about the asset's zone and mail domain: to the resolver, and to the zone's own name servers
// where they are in scope.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::dns {

/// DNSSEC and CAA of the asset's host or mail domain.
net::Task<model::ZoneObservation> look_at_zone(Visit& visit);

/// The zone's name servers: their addresses, what each says when asked itself (SOA, over UDP and TCP).
net::Task<model::DelegationFacts> look_at_delegation(Visit& visit, std::string zone);

/// Whether each of those servers begins a zone transfer (class careful). Last of all: servers that many zones
/// share are waited for.
net::Task<> look_at_transfers(Visit& visit, model::DelegationFacts& facts);

/// MX with the exchangers' addresses (none is contacted), SPF, DMARC, DKIM, TLS-RPT, TLSA of a mail domain.
net::Task<model::MailObservation> look_at_mail(Visit& visit);

} // namespace fengsui::probe::dns
