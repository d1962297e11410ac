// DNS questions about the asset's zone and mail domain. They go to the resolver only.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::dns {

/// DNSSEC and CAA of the asset's host or mail domain.
net::Task<model::ZoneObservation> look_at_zone(Visit& visit);

/// MX with the exchangers' addresses (none is contacted), SPF and DMARC of a mail domain.
net::Task<model::MailObservation> look_at_mail(Visit& visit);

} // namespace fengsui::probe::dns
