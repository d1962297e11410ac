// The MTA-STS policy of a mail domain (RFC 8461 section 3.3).
#pragma once

#include "probe/visit.h"

namespace fengsui::probe {

/// Asks `https://mta-sts.DOMAIN/.well-known/mta-sts.txt`, if that host exists and is in scope; no redirect is
/// followed. `mail.mta_sts.record` has been asked before.
net::Task<> look_at_mta_sts(Visit& visit, model::MailObservation& mail);

} // namespace fengsui::probe
