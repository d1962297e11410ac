// Questions about what a mail domain says of itself, and about its exchangers' keys. To the resolver only.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::dns {

/// DMARC by the tree walk, with what is misspelt, and whether outside receivers of reports want them.
net::Task<> ask_dmarc(Visit& visit, model::MailObservation& mail);
/// The keys of the selectors that the registry names in its column `dkim_selector`.
net::Task<> ask_dkim(Visit& visit, model::MailObservation& mail);
/// `_mta-sts` and `_smtp._tls`.
net::Task<> ask_transport(Visit& visit, model::MailObservation& mail);
/// TLSA of every exchanger (RFC 7672 section 2.2), and whether the MX itself may be believed.
net::Task<> ask_tlsa(Visit& visit, model::MailObservation& mail);

} // namespace fengsui::probe::dns
