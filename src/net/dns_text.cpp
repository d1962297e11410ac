// RDATA as text and back (RFC 1035 section 5, RFC 8659 section 4.1.1, RFC 3597 section 5).
#include "base/text.h"
#include "model/address.h"
#include "net/dns_message.h"
#include "net/dns_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace fengsui::net {

namespace {

constexpr std::size_t kMaxCharacterString = 255;

std::string generic_text(std::string_view data) {
    return data.empty() ? "\\# 0" : fmt::format("\\# {} {}", data.size(), base::hex(data));
}

std::string shown_name(std::string_view wire) {
    auto text = dns_name_text(wire);
    return text.empty() ? "." : text;
}

std::optional<std::string> address_text(DnsType type, std::string_view data) {
    std::array<std::uint8_t, 16> bytes{};
    if (data.size() != (type == DnsType::a ? 4U : 16U)) {
        return std::nullopt;
    }
    std::copy(data.begin(), data.end(), bytes.begin());
    if (type == DnsType::a) {
        return model::IpAddress::v4(wire_u32(data, 0)).str();
    }
    return model::IpAddress::v6(bytes).str();
}

std::string joined_strings(std::string_view data) {
    std::string text;
    while (!data.empty()) {
        const std::size_t length = static_cast<std::uint8_t>(data[0]);
        text += data.substr(1, length);
        data.remove_prefix(std::min(data.size(), length + 1));
    }
    return text;
}

std::string quoted(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            text += '\\';
            text += c;
        } else if (byte < 0x20 || byte >= 0x7F) {
            text += fmt::format("\\{:03}", byte);
        } else {
            text += c;
        }
    }
    return text + '"';
}

std::optional<std::string> caa_text(std::string_view data) {
    if (data.size() < 2) {
        return std::nullopt;
    }
    const std::size_t length = static_cast<std::uint8_t>(data[1]);
    if (length == 0 || 2 + length > data.size()) {
        return std::nullopt;
    }
    const auto tag = data.substr(2, length);
    if (!std::all_of(tag.begin(), tag.end(), [](char c) { return base::is_alpha(c) || base::is_digit(c); })) {
        return std::nullopt;
    }
    return fmt::format("{} {} {}", static_cast<std::uint8_t>(data[0]), tag, quoted(data.substr(2 + length)));
}

std::optional<std::string> soa_text(std::string_view data) {
    std::size_t at = 0;
    std::string primary;
    std::string mailbox;
    if (!read_dns_name(data, at, primary) || !read_dns_name(data, at, mailbox) || data.size() - at != 20) {
        return std::nullopt;
    }
    std::string text = shown_name(primary) + ' ' + shown_name(mailbox);
    for (; at < data.size(); at += 4) {
        text += fmt::format(" {}", wire_u32(data, at));
    }
    return text;
}

std::optional<std::string> named_text(std::string_view data) {
    std::size_t at = 0;
    std::string wire;
    if (!read_dns_name(data, at, wire) || at != data.size()) {
        return std::nullopt;
    }
    return shown_name(wire);
}

std::optional<std::string> mx_text(std::string_view data) {
    const auto name = data.size() < 3 ? std::nullopt : named_text(data.substr(2));
    return name ? std::optional(fmt::format("{} {}", wire_u16(data, 0), *name)) : std::nullopt;
}

std::optional<std::string> rdata_text(DnsType type, std::string_view data) {
    switch (type) {
    case DnsType::a:
    case DnsType::aaaa:
        return address_text(type, data);
    case DnsType::cname:
    case DnsType::ns:
    case DnsType::ptr:
        return named_text(data);
    case DnsType::mx:
        return mx_text(data);
    case DnsType::soa:
        return soa_text(data);
    case DnsType::txt:
        return joined_strings(data);
    case DnsType::caa:
        return caa_text(data);
    default:
        return std::nullopt;
    }
}

template <class Number>
bool parse_number(std::string_view text, Number& number) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size();
}

/// The next word of `text`, which loses it.
std::string_view take_word(std::string_view& text) {
    text = base::trim(text);
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    text = base::trim(text);
    return word;
}

std::string address_rdata(DnsType type, std::string_view text) {
    // IpAddress folds mapped addresses, which an AAAA record may hold but nobody serves.
    const auto address = model::IpAddress::parse(text);
    if (!address || address->is_v4() != (type == DnsType::a)) {
        return {};
    }
    const auto& bytes = address->bytes();
    return {bytes.begin(), bytes.begin() + address->bits() / 8};
}

std::string name_rdata(std::string_view text) {
    std::string data;
    append_dns_name(base::trim(text), data);
    return data;
}

std::string mx_rdata(std::string_view text) {
    std::uint16_t preference = 0;
    if (!parse_number(take_word(text), preference) || text.empty()) {
        return {};
    }
    std::string data;
    append_u16(data, preference);
    return append_dns_name(text, data) ? data : std::string();
}

std::string soa_rdata(std::string_view text) {
    std::string data;
    if (!append_dns_name(take_word(text), data) || !append_dns_name(take_word(text), data)) {
        return {};
    }
    for (int i = 0; i < 5; ++i) {
        std::uint32_t number = 0;
        if (!parse_number(take_word(text), number)) {
            return {};
        }
        append_u32(data, number);
    }
    return text.empty() ? data : std::string();
}

std::string txt_rdata(std::string_view text) {
    std::string data;
    do {
        const auto piece = text.substr(0, kMaxCharacterString);
        data += static_cast<char>(piece.size());
        data += piece;
        text.remove_prefix(piece.size());
    } while (!text.empty());
    return data;
}

std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
        return text.find('"') == std::string_view::npos ? std::optional(std::string(text)) : std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"' || (text[at] == '\\' && at + 1 == text.size())) {
            return std::nullopt;
        }
        if (text[at] != '\\') {
            value += text[at];
            continue;
        }
        unsigned code = 0;
        if (base::is_digit(text[at + 1])) {
            if (at + 3 >= text.size() || !parse_number(text.substr(at + 1, 3), code) || code > 255) {
                return std::nullopt;
            }
            value += static_cast<char>(code);
            at += 3;
        } else {
            value += text[++at];
        }
    }
    return value;
}

std::string caa_rdata(std::string_view text) {
    unsigned flags = 0;
    if (!parse_number(take_word(text), flags) || flags > 255) {
        return {};
    }
    const auto tag = take_word(text);
    const auto value = unquoted(text);
    if (tag.empty() || tag.size() > 255 || !value) {
        return {};
    }
    std::string data;
    data += static_cast<char>(flags);
    data += static_cast<char>(tag.size());
    data += tag;
    return data + *value;
}

std::string generic_rdata(std::string_view text) {
    std::size_t size = 0;
    if (take_word(text) != "\\#" || !parse_number(take_word(text), size) || text.size() != size * 2) {
        return {};
    }
    std::string data;
    for (; !text.empty(); text.remove_prefix(2)) {
        unsigned byte = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + 2, byte, 16);
        if (failure != std::errc() || end != text.data() + 2) {
            return {};
        }
        data += static_cast<char>(byte);
    }
    return data;
}

} // namespace

std::string DnsRecord::text() const {
    auto known = rdata_text(type, data);
    return known ? std::move(*known) : generic_text(data);
}

std::string dns_rdata(DnsType type, std::string_view text) {
    switch (type) {
    case DnsType::a:
    case DnsType::aaaa:
        return address_rdata(type, text);
    case DnsType::cname:
    case DnsType::ns:
    case DnsType::ptr:
        return name_rdata(text);
    case DnsType::mx:
        return mx_rdata(text);
    case DnsType::soa:
        return soa_rdata(text);
    case DnsType::txt:
        return txt_rdata(text);
    case DnsType::caa:
        return caa_rdata(text);
    default:
        return generic_rdata(text);
    }
}

} // namespace fengsui::net
