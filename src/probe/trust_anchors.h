// The keys that signed zones are judged from (`--trust-anchor`).
#pragma once

#include "base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe {

struct TrustAnchor {
    std::string zone; ///< lower case; "" is the root
    bool is_ds = false;
    std::string data; ///< RDATA of the DS or DNSKEY
};

/// Reads DS and DNSKEY records in zone file form (RFC 1035 section 5), one a line, as unbound-anchor and
/// dnssec-dsfromkey write them, and BIND's trust-anchors statements. The error names the line.
base::Result<std::vector<TrustAnchor>> parse_trust_anchors(std::string_view text);

class TrustAnchors {
public:
    /// Throws base::Error when the file cannot be read or holds no anchor.
    explicit TrustAnchors(const std::optional<std::filesystem::path>& file);
    explicit TrustAnchors(std::vector<TrustAnchor> anchors) : anchors_(std::move(anchors)) {}

    /// Those of the zone nearest above `name`, or of `name` itself; none when no anchor's zone holds it.
    [[nodiscard]] std::vector<TrustAnchor> nearest(std::string_view name) const;

private:
    std::vector<TrustAnchor> anchors_;
};

} // namespace fengsui::probe
