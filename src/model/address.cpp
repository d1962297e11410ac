#include "model/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace fengsui::model {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

// IANA IPv4 and IPv6 special-purpose address registries, the entries that are not globally reachable,
// and multicast. 2002::/16 (6to4) and 64:ff9b::/96 (NAT64) carry an IPv4 address inside and could be
// used to reach a private one, so they count as not public.
constexpr std::string_view kSpecialV4[] = {
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
};
constexpr std::string_view kSpecialV6[] = {
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
};

bool in_any(const IpAddress& address, const std::string_view* begin, const std::string_view* end) {
    return std::any_of(begin, end, [&](std::string_view text) {
        return Prefix::parse(text).value().contains(address);
    });
}

} // namespace

base::Result<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string copy(text);
    IpAddress address;
    if (copy.find('\0') == std::string::npos) {
        if (inet_pton(AF_INET, copy.c_str(), address.bytes_.data()) == 1) {
            return address;
        }
        std::array<std::uint8_t, 16> bytes{};
        if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) {
            return v6(bytes);
        }
    }
    return Error(ErrorCode::invalid_argument, fmt::format("\"{}\" is not an IP address", text));
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
    IpAddress address;
    for (unsigned i = 0; i < 4; ++i) {
        address.bytes_[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    }
    return address;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& bytes) {
    IpAddress address;
    if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
        std::copy(bytes.begin() + 12, bytes.end(), address.bytes_.begin());
        return address;
    }
    address.bytes_ = bytes;
    address.family_ = IpFamily::v6;
    return address;
}

std::uint32_t IpAddress::to_v4() const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) {
        value = (value << 8U) | bytes_[i];
    }
    return value;
}

std::string IpAddress::str() const {
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
    return text;
}

std::string IpAddress::url_host() const {
    return is_v4() ? str() : "[" + str() + "]";
}

bool is_public(const IpAddress& address) {
    if (address.is_v4()) {
        return !in_any(address, std::begin(kSpecialV4), std::end(kSpecialV4));
    }
    // Global unicast is 2000::/3 (RFC 4291); everything outside is special.
    const bool global_unicast = (address.bytes()[0] & 0xE0) == 0x20;
    return global_unicast && !in_any(address, std::begin(kSpecialV6), std::end(kSpecialV6));
}

Prefix::Prefix(const IpAddress& address, unsigned length) : length_(std::min(length, address.bits())) {
    auto bytes = address.bytes();
    for (unsigned i = 0; i < 16; ++i) {
        const unsigned keep = length_ > 8 * i ? std::min(8U, length_ - 8 * i) : 0;
        bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xFF00U >> keep));
    }
    if (address.is_v4()) {
        address_ = IpAddress::v4(
            (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U)
            | (std::uint32_t{bytes[2]} << 8U) | bytes[3]
        );
    } else {
        address_ = IpAddress::v6(bytes);
    }
}

base::Result<Prefix> Prefix::parse(std::string_view text) {
    const auto slash = text.find('/');
    auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) {
        return address.error();
    }
    if (slash == std::string_view::npos) {
        return Prefix(*address, address->bits());
    }
    const auto digits = text.substr(slash + 1);
    unsigned length = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    const bool mapped = address->is_v4() && text.find(':') != std::string_view::npos;
    if (failure != std::errc() || end != digits.data() + digits.size() || length > address->bits()
        || mapped) {
        return Error(
            ErrorCode::invalid_argument,
            fmt::format("\"{}\" is not a prefix; the length is 0 to {}", text, address->bits())
        );
    }
    const Prefix prefix(*address, length);
    if (prefix.address() != *address) {
        return Error(
            ErrorCode::invalid_argument, fmt::format("\"{}\" has host bits set; write {}", text, prefix.str())
        );
    }
    return prefix;
}

bool Prefix::contains(const IpAddress& address) const {
    return address.family() == address_.family() && Prefix(address, length_).address() == address_;
}

bool Prefix::contains(const Prefix& other) const {
    return other.length_ >= length_ && contains(other.address_);
}

std::string Prefix::str() const {
    return fmt::format("{}/{}", address_.str(), length_);
}

} // namespace fengsui::model
