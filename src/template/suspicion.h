// Text that only an attack would send: what contracts.md section 4 calls payload-like. Private to the policy.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::templates {

/// The piece of a path, query or header value that is payload-like; empty: none. Percent-encoding is
/// undone, several times over.
std::string payload_like(std::string_view text);
/// The name of a query parameter or header that carries a credential; empty: none.
std::string credential_in_query(std::string_view query);
bool is_credential_header(std::string_view name);
/// Claims another host, address, path or method.
bool is_claiming_header(std::string_view name);
/// Changes how the request itself is read.
bool is_framing_header(std::string_view name);

} // namespace fengsui::templates
