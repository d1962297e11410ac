#include "base/codec.h"

#include "base/text.h"

#include <cstdint>

namespace fengsui::base {

namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr int kBad = -1;

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (is_digit(c)) {
        return c - '0' + 52;
    }
    if (c == '+' || c == '-') {
        return 62;
    }
    return c == '/' || c == '_' ? 63 : kBad;
}

int base32_digit(char c) {
    if (is_alpha(c)) {
        return to_lower(c) - 'a';
    }
    return c >= '2' && c <= '7' ? c - '2' + 26 : kBad;
}

/// Collects digits of `width` bits into octets.
class BitReader {
public:
    explicit BitReader(unsigned width) : width_(width) {}

    void take(int digit, std::string& out) {
        bits_ = (bits_ << width_) | static_cast<std::uint32_t>(digit);
        count_ += width_;
        if (count_ >= 8) {
            count_ -= 8;
            out += static_cast<char>((bits_ >> count_) & 0xff);
        }
    }
    /// Whole octets and less than a digit of zeros left over.
    [[nodiscard]] bool is_even() const { return count_ < width_ && (bits_ & ((1U << count_) - 1)) == 0; }

private:
    unsigned width_;
    std::uint32_t bits_ = 0;
    unsigned count_ = 0;
};

} // namespace

std::string base64_url(std::string_view bytes) {
    std::string text = base64(bytes);
    while (!text.empty() && text.back() == '=') {
        text.pop_back();
    }
    for (char& c : text) {
        c = c == '+' ? '-' : (c == '/' ? '_' : c);
    }
    return text;
}

bool decode_base64(std::string_view text, std::string& bytes) {
    bytes.clear();
    BitReader reader(6);
    bool is_padded = false;
    for (const char c : text) {
        if (c == ' ' || c == '\r' || c == '\n' || c == '\t') {
            continue;
        }
        if (c == '=') {
            is_padded = true;
            continue;
        }
        const int digit = base64_digit(c);
        if (digit == kBad || is_padded) {
            return false;
        }
        reader.take(digit, bytes);
    }
    return reader.is_even();
}

std::string base32(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 5; count -= 5) {
            text += kBase32[(bits >> (count - 5)) & 31];
        }
    }
    if (count > 0) {
        text += kBase32[(bits << (5 - count)) & 31];
    }
    return text;
}

bool decode_base32(std::string_view text, std::string& bytes) {
    bytes.clear();
    while (!text.empty() && text.back() == '=') {
        text.remove_suffix(1);
    }
    BitReader reader(5);
    for (const char c : text) {
        if (c == ' ' || c == '-') {
            continue;
        }
        const int digit = base32_digit(c);
        if (digit == kBad) {
            return false;
        }
        reader.take(digit, bytes);
    }
    return reader.is_even();
}

} // namespace fengsui::base
