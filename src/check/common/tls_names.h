// Does a certificate speak for a host? RFC 9525 section 6.
#pragma once

#include "model/tls.h"

namespace fengsui::check {

/// Whether a dNSName pattern covers `host` (both A-labels): whole labels only, a wildcard only as the whole
/// left-most label and standing for exactly one (RFC 9525 section 6.3).
bool name_covers(std::string_view pattern, std::string_view host);

/// Whether subjectAltName covers `host`, which is a name or an address. The common name never counts.
bool certificate_covers(const model::CertificateFacts& facts, std::string_view host);

bool has_names(const model::CertificateFacts& facts);

} // namespace fengsui::check
