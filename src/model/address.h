// IP addresses and prefixes as values.
#pragma once

#include "base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace fengsui::model {

enum class IpFamily : std::uint8_t { v4, v6 };

/// An IPv4 or IPv6 address in network order; IPv4 uses the first four bytes. An IPv4-mapped IPv6
/// address is folded into its IPv4 form when parsed, so that it cannot pass as another address.
class IpAddress {
public:
    IpAddress() = default; ///< 0.0.0.0

    static base::Result<IpAddress> parse(std::string_view text);
    static IpAddress v4(std::uint32_t host_order);
    static IpAddress v6(const std::array<std::uint8_t, 16>& bytes);

    [[nodiscard]] IpFamily family() const { return family_; }
    [[nodiscard]] bool is_v4() const { return family_ == IpFamily::v4; }
    [[nodiscard]] unsigned bits() const { return is_v4() ? 32 : 128; }
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    [[nodiscard]] std::uint32_t to_v4() const; ///< host order; only for v4
    [[nodiscard]] bool bit(unsigned index) const { return ((bytes_[index / 8] >> (7 - index % 8)) & 1) != 0; }

    /// RFC 5952 text for v6, dotted decimal for v4.
    [[nodiscard]] std::string str() const;
    /// As in a URL: v6 in brackets.
    [[nodiscard]] std::string url_host() const;

    auto operator<=>(const IpAddress&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
    IpFamily family_ = IpFamily::v4;
};

/// Globally reachable unicast by the IANA special-purpose registries (RFC 6890 and successors).
/// Everything else (private, loopback, link-local, shared, documentation, multicast, mapped) is contacted
/// only when the registry lists it.
bool is_public(const IpAddress& address);

/// An address block. Host bits are zero.
class Prefix {
public:
    Prefix() = default;
    /// `address` with its host bits cleared.
    Prefix(const IpAddress& address, unsigned length);

    /// `192.0.2.0/24`; host bits set is an error that names the mended prefix. A lone address is /32 or /128.
    static base::Result<Prefix> parse(std::string_view text);

    [[nodiscard]] const IpAddress& address() const { return address_; }
    [[nodiscard]] unsigned length() const { return length_; }
    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] bool contains(const Prefix& other) const;
    [[nodiscard]] std::string str() const;

    auto operator<=>(const Prefix&) const = default;

private:
    IpAddress address_;
    unsigned length_ = 0;
};

} // namespace fengsui::model

template <>
struct std::hash<fengsui::model::IpAddress> {
    std::size_t operator()(const fengsui::model::IpAddress& address) const noexcept {
        const auto& bytes = address.bytes();
        return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
};
