// Which certificate a site shows, given what is wrong with it.
#pragma once

#include "range/pki/authority.h"
#include "range/world/site.h"

namespace fengsui::range {

/// For the site's web server; dates lie around `now`.
CertificateOrder order_for(const Site& site, base::Instant now);
/// For its exchanger: always a sound one.
CertificateOrder mail_order_for(const Site& site, base::Instant now);
/// Of the host that serves the MTA-STS policy; always right.
CertificateOrder policy_order_for(const Site& site, base::Instant now);

} // namespace fengsui::range
