// TLSA records (RFC 6698) and the certificates that they fit. Fuzzed.
#pragma once

#include "model/dns.h"
#include "net/dns_message.h"

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::dns {

/// Those of `owner`, or of the name it is an alias of; at most twenty.
std::vector<model::TlsaRecord> read_tlsa(const net::DnsMessage& message, std::string_view owner);

/// Sets the positions of the certificates (DER, as sent) that each record fits.
void match_tlsa(std::vector<model::TlsaRecord>& records, const std::vector<std::string>& certificates);

} // namespace fengsui::probe::dns
