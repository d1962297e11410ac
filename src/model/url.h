// Absolute http(s) URLs, read as leniently as browsers need and normalised for comparison (RFC 3986).
#pragma once

#include "model/address.h"

#include <cstdint>
#include <optional>

namespace fengsui::model {

enum class Scheme : std::uint8_t { http, https };
std::string_view to_string(Scheme scheme);
constexpr std::uint16_t default_port(Scheme scheme) {
    return scheme == Scheme::https ? 443 : 80;
}

struct Url {
    Scheme scheme = Scheme::http;
    std::string host;        ///< lower-case A-label name, or an address without brackets
    std::uint16_t port = 80; ///< never 0
    std::string path = "/";  ///< begins with '/', percent-encoding as given
    std::string query;       ///< without '?'

    /// Only http and https; user information and control characters are refused; fragments are dropped.
    static base::Result<Url> parse(std::string_view text);
    /// Resolves a reference (RFC 3986 section 5) such as a Location header or a link.
    [[nodiscard]] base::Result<Url> resolve(std::string_view reference) const;

    [[nodiscard]] bool has_default_port() const { return port == default_port(scheme); }
    /// `host` or `[v6]`, with `:port` unless it is the scheme's default: the Host header's value.
    [[nodiscard]] std::string authority() const;
    [[nodiscard]] std::string origin() const;         ///< scheme://authority
    [[nodiscard]] std::string request_target() const; ///< path and query
    [[nodiscard]] std::string str() const;
    /// The address when the host is one.
    [[nodiscard]] std::optional<IpAddress> address() const;

    bool operator==(const Url&) const = default;
};

/// A host name in its lower-case A-label form (IDNA 2008 by libidn2), without a trailing dot. LDH and
/// underscore labels only, 1–63 octets each, 253 in all; the error names the bad label.
base::Result<std::string> normalise_host(std::string_view text);

/// Removes `.` and `..` segments (RFC 3986 5.2.4).
std::string remove_dot_segments(std::string_view path);

} // namespace fengsui::model
