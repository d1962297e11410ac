#include "net/dns_wire.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::net {

namespace {

constexpr std::size_t kMaxWireName = 255; // RFC 1035 2.3.4
constexpr std::size_t kMaxLabel = 63;
constexpr unsigned kMaxPointers = 32; // real names need one or two; bounds the work of a hostile chain

void append_label_text(std::string_view label, std::string& text) {
    for (const char c : label) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '.' || c == '\\') {
            text += '\\';
            text += c;
        } else if (byte <= 0x20 || byte >= 0x7F) {
            text += fmt::format("\\{:03}", byte);
        } else {
            text += c;
        }
    }
}

/// One character of a textual label at `at`, escapes resolved (RFC 1035 5.1); false when malformed.
bool take_escaped(std::string_view text, std::size_t& at, char& c) {
    c = text[at++];
    if (c != '\\') {
        return true;
    }
    if (at >= text.size()) {
        return false;
    }
    c = text[at++];
    if (!base::is_digit(c)) {
        return true;
    }
    if (at + 2 > text.size() || !base::is_digit(text[at]) || !base::is_digit(text[at + 1])) {
        return false;
    }
    const int value = (c - '0') * 100 + (text[at] - '0') * 10 + (text[at + 1] - '0');
    at += 2;
    c = static_cast<char>(value);
    return value <= 255;
}

bool append_wire_label(const std::string& label, std::string& wire) {
    if (label.empty() || label.size() > kMaxLabel) {
        return false;
    }
    wire += static_cast<char>(label.size());
    wire += label;
    return true;
}

bool append_labels(std::string_view text, std::string& wire) {
    std::string label;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '.') {
            if (!append_wire_label(label, wire)) {
                return false;
            }
            label.clear();
            ++at;
            continue;
        }
        char c = 0;
        if (!take_escaped(text, at, c)) {
            return false;
        }
        label += base::to_lower(c);
    }
    return label.empty() || append_wire_label(label, wire);
}

} // namespace

bool read_dns_name(std::string_view message, std::size_t& at, std::string& wire) {
    wire.clear();
    std::size_t cursor = at;
    std::size_t segment = at; // a pointer must lead before the segment it stands in, so chains end
    unsigned pointers = 0;
    while (cursor < message.size()) {
        const auto length = static_cast<std::uint8_t>(message[cursor]);
        if (length >= 0xC0) {
            if (cursor + 2 > message.size() || ++pointers > kMaxPointers) {
                return false;
            }
            const std::size_t target = wire_u16(message, cursor) & 0x3FFFU;
            if (target >= segment) {
                return false;
            }
            if (pointers == 1) {
                at = cursor + 2;
            }
            cursor = segment = target;
            continue;
        }
        if (length > kMaxLabel || wire.size() + length + 1 > kMaxWireName
            || cursor + 1 + length > message.size()) {
            return false;
        }
        wire += static_cast<char>(length);
        wire += base::to_lower(message.substr(cursor + 1, length));
        cursor += 1U + length;
        if (length == 0) {
            at = pointers == 0 ? cursor : at;
            return true;
        }
    }
    return false;
}

std::string dns_name_text(std::string_view wire) {
    std::string text;
    while (!wire.empty() && wire[0] != 0) {
        const std::size_t length = static_cast<std::uint8_t>(wire[0]);
        if (!text.empty()) {
            text += '.';
        }
        append_label_text(wire.substr(1, length), text);
        wire.remove_prefix(std::min(wire.size(), length + 1));
    }
    return text;
}

bool append_dns_name(std::string_view text, std::string& wire) {
    const auto before = wire.size();
    const bool is_root = text.empty() || text == ".";
    if (!is_root && (!append_labels(text, wire) || wire.size() - before + 1 > kMaxWireName)) {
        wire.resize(before);
        return false;
    }
    wire += '\0';
    return true;
}

} // namespace fengsui::net
