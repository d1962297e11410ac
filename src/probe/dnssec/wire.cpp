#include "probe/dnssec/wire.h"

#include "base/text.h"
#include "net/dns_wire.h"

#include <algorithm>

namespace fengsui::probe::dnssec {

namespace {

using net::wire_u16;
using net::wire_u32;

std::uint8_t octet(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::uint16_t key_tag(std::string_view data) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        sum += i % 2 == 0 ? static_cast<std::uint32_t>(octet(data, i)) << 8 : octet(data, i);
    }
    return static_cast<std::uint16_t>((sum + (sum >> 16)) & 0xFFFF);
}

/// Labels of a wire name from the root's side on, without the root.
std::vector<std::string_view> labels_of(std::string_view wire) {
    std::vector<std::string_view> labels;
    for (std::size_t at = 0; at < wire.size() && wire[at] != 0;) {
        const std::size_t length = octet(wire, at);
        labels.push_back(wire.substr(at + 1, length));
        at += 1 + length;
    }
    std::reverse(labels.begin(), labels.end());
    return labels;
}

} // namespace

std::optional<ZoneKey> read_key(std::string_view data) {
    if (data.size() < 5) {
        return std::nullopt;
    }
    ZoneKey key;
    key.flags = wire_u16(data, 0);
    key.protocol = octet(data, 2);
    key.algorithm = octet(data, 3);
    key.tag = key_tag(data);
    key.key = data.substr(4);
    key.data = data;
    return key;
}

std::optional<Signature> read_signature(std::string_view data) {
    constexpr std::size_t kFixed = 18;
    if (data.size() <= kFixed) {
        return std::nullopt;
    }
    Signature signature;
    signature.covered = static_cast<net::DnsType>(wire_u16(data, 0));
    signature.algorithm = octet(data, 2);
    signature.labels = octet(data, 3);
    signature.ttl = wire_u32(data, 4);
    signature.expires = wire_u32(data, 8);
    signature.begins = wire_u32(data, 12);
    signature.tag = wire_u16(data, 16);
    std::size_t at = kFixed;
    std::string signer;
    if (!net::read_dns_name(data, at, signer) || at >= data.size()) {
        return std::nullopt;
    }
    signature.signer = net::dns_name_text(signer);
    signature.head = std::string(data.substr(0, kFixed)) + signer;
    signature.signature = data.substr(at);
    return signature;
}

std::optional<DelegationSigner> read_ds(std::string_view data) {
    if (data.size() < 5) {
        return std::nullopt;
    }
    return DelegationSigner{wire_u16(data, 0), octet(data, 2), octet(data, 3), std::string(data.substr(4))};
}

bool TypeSet::read(std::string_view bitmap) {
    while (!bitmap.empty()) {
        const std::size_t length = bitmap.size() < 2 ? 0 : octet(bitmap, 1);
        if (length == 0 || length > 32 || bitmap.size() < 2 + length) {
            return false;
        }
        const unsigned block = octet(bitmap, 0) * 256U;
        for (unsigned bit = 0; bit < length * 8; ++bit) {
            if ((octet(bitmap, 2 + bit / 8) & (0x80U >> bit % 8)) != 0) {
                types_.push_back(static_cast<std::uint16_t>(block + bit));
            }
        }
        bitmap.remove_prefix(2 + length);
    }
    return true;
}

bool TypeSet::has(net::DnsType type) const {
    return std::find(types_.begin(), types_.end(), static_cast<std::uint16_t>(type)) != types_.end();
}

std::optional<Nsec> read_nsec(std::string_view data) {
    Nsec nsec;
    std::size_t at = 0;
    std::string next;
    if (!net::read_dns_name(data, at, next) || !nsec.types.read(data.substr(at))) {
        return std::nullopt;
    }
    nsec.next = net::dns_name_text(next);
    return nsec;
}

std::optional<Nsec3> read_nsec3(std::string_view data) {
    if (data.size() < 6) {
        return std::nullopt;
    }
    Nsec3 nsec;
    nsec.hash = octet(data, 0);
    nsec.is_opt_out = (octet(data, 1) & 1) != 0;
    nsec.iterations = wire_u16(data, 2);
    const std::size_t salt = octet(data, 4);
    if (data.size() < 6 + salt) {
        return std::nullopt;
    }
    nsec.salt = data.substr(5, salt);
    const std::size_t next = octet(data, 5 + salt);
    if (next == 0 || data.size() < 6 + salt + next) {
        return std::nullopt;
    }
    nsec.next = data.substr(6 + salt, next);
    return nsec.types.read(data.substr(6 + salt + next)) ? std::optional(nsec) : std::nullopt;
}

int compare_names(std::string_view a, std::string_view b) {
    std::string wire_a;
    std::string wire_b;
    net::append_dns_name(a, wire_a);
    net::append_dns_name(b, wire_b);
    const auto labels_a = labels_of(wire_a);
    const auto labels_b = labels_of(wire_b);
    for (std::size_t i = 0; i < std::min(labels_a.size(), labels_b.size()); ++i) {
        if (const int order = labels_a[i].compare(labels_b[i]); order != 0) {
            return order;
        }
    }
    return labels_a.size() < labels_b.size() ? -1 : labels_a.size() > labels_b.size() ? 1 : 0;
}

std::optional<std::string> decode_base32_hex(std::string_view text) {
    std::string bytes;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const char lower = base::to_lower(c);
        if (!base::is_digit(lower) && (lower < 'a' || lower > 'v')) {
            return std::nullopt;
        }
        const auto value = static_cast<unsigned>(base::is_digit(lower) ? lower - '0' : lower - 'a' + 10);
        buffer = (buffer << 5 | value) & 0xFFF;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(buffer >> bits & 0xFF);
        }
    }
    return bytes;
}

} // namespace fengsui::probe::dnssec
