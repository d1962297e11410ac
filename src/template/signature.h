// The `# digest:` line of official templates: ECDSA P-256 over SHA-256, as nuclei signs.
#pragma once

#include "template/template.h"

namespace fengsui::templates {

/// verified: signed by the key that nuclei 3.10 ships, and untouched; unverified: by a key we do not know;
/// invalid: by that key, but the text differs. `imports`: contents of imported helper files, in order.
SignatureStatus verify_signature(std::string_view yaml, const std::vector<std::string>& imports = {});
/// The same against another public key: 65 bytes, uncompressed point on P-256.
SignatureStatus verify_signature_with(
    std::string_view yaml, const std::vector<std::string>& imports, std::string_view point
);

} // namespace fengsui::templates
