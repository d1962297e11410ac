#include "template/bytes.h"

#include "base/text.h"

namespace fengsui::templates {

namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

bool is_tail(std::string_view text, std::size_t at) {
    return at < text.size() && (byte_at(text, at) & 0xC0U) == 0x80U;
}

std::size_t long_length(std::string_view text, std::size_t at) {
    const unsigned first = byte_at(text, at);
    const unsigned second = is_tail(text, at + 1) ? byte_at(text, at + 1) : 0;
    if (first < 0xF0U) {
        const bool is_wrong = (first == 0xE0U && second < 0xA0U) || (first == 0xEDU && second > 0x9FU);
        return second != 0 && !is_wrong && is_tail(text, at + 2) ? 3 : 0;
    }
    const bool is_wrong =
        first > 0xF4U || (first == 0xF0U && second < 0x90U) || (first == 0xF4U && second > 0x8FU);
    return second != 0 && !is_wrong && is_tail(text, at + 2) && is_tail(text, at + 3) ? 4 : 0;
}

char32_t decode(std::string_view text, std::size_t at, std::size_t length) {
    static constexpr unsigned kMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t rune = byte_at(text, at) & kMask[length];
    for (std::size_t i = 1; i < length; ++i) {
        rune = (rune << 6U) | (byte_at(text, at + i) & 0x3FU);
    }
    return rune;
}

void encode(char32_t rune, std::string& out) {
    const auto put = [&out](unsigned value) {
        out += static_cast<char>(value);
    };
    if (rune < 0x80) {
        put(rune);
    } else if (rune < 0x800) {
        put(0xC0U | (rune >> 6U));
        put(0x80U | (rune & 0x3FU));
    } else {
        put(0xE0U | (rune >> 12U));
        put(0x80U | ((rune >> 6U) & 0x3FU));
        put(0x80U | (rune & 0x3FU));
    }
}

bool between(char32_t rune, char32_t low, char32_t high) {
    return rune >= low && rune <= high;
}

/// Pairs of letters that stand side by side: upper even, lower odd (or the reverse in a few places).
bool is_paired(char32_t rune) {
    return (between(rune, 0x100, 0x177) && rune != 0x130 && rune != 0x131 && rune != 0x138 && rune != 0x149)
           || between(rune, 0x460, 0x481) || between(rune, 0x48A, 0x4BF) || between(rune, 0x1E00, 0x1E95);
}

bool has_even_lower(char32_t rune) {
    return between(rune, 0x139, 0x148);
}

char32_t lower(char32_t rune) {
    if (rune == 0x212A) {
        return U'k'; // KELVIN SIGN
    }
    if (between(rune, 0xC0, 0xDE) && rune != 0xD7) {
        return rune + 32;
    }
    if (between(rune, 0x391, 0x3AB) || between(rune, 0x410, 0x42F) || between(rune, 0xFF21, 0xFF3A)) {
        return rune + 32;
    }
    if (between(rune, 0x400, 0x40F)) {
        return rune + 80;
    }
    if (is_paired(rune)) {
        const bool is_upper = (rune % 2 == 0) != has_even_lower(rune);
        return is_upper ? rune + 1 : rune;
    }
    return rune;
}

char32_t upper(char32_t rune) {
    if (between(rune, 0xE0, 0xFE) && rune != 0xF7) {
        return rune - 32;
    }
    if ((between(rune, 0x3B1, 0x3CB) && rune != 0x3C2) || between(rune, 0x430, 0x44F)
        || between(rune, 0xFF41, 0xFF5A)) {
        return rune - 32;
    }
    if (between(rune, 0x450, 0x45F)) {
        return rune - 80;
    }
    if (is_paired(rune)) {
        const bool is_upper = (rune % 2 == 0) != has_even_lower(rune);
        return is_upper ? rune : rune - 1;
    }
    return rune;
}

template <class Ascii, class Wide>
std::string map_runes(std::string_view text, Ascii ascii, Wide wide) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (byte_at(text, i) < 0x80U) {
            out += ascii(text[i++]);
            continue;
        }
        const std::size_t length = utf8_length(text, i);
        if (length == 2 || length == 3) {
            encode(wide(decode(text, i, length)), out);
        } else {
            out += text.substr(i, std::max<std::size_t>(1, length));
        }
        i += std::max<std::size_t>(1, length);
    }
    return out;
}

int hex_digit(char c) {
    if (base::is_digit(c)) {
        return c - '0';
    }
    const char low = base::to_lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (base::is_digit(c)) {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : (c == '/' ? 63 : -1);
}

} // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
    if (at >= text.size()) {
        return 0;
    }
    const unsigned first = byte_at(text, at);
    if (first < 0x80U) {
        return 1;
    }
    if (first < 0xE0U) {
        return first >= 0xC2U && is_tail(text, at + 1) ? 2 : 0;
    }
    return long_length(text, at);
}

std::string unicode_lower(std::string_view text) {
    return map_runes(
        text, [](char c) { return base::to_lower(c); }, lower
    );
}

std::string unicode_upper(std::string_view text) {
    const auto ascii = [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    };
    return map_runes(text, ascii, upper);
}

bool decode_hex(std::string_view text, std::string& out) {
    out.clear();
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out += static_cast<char>(high * 16 + low);
    }
    return text.size() % 2 == 0;
}

bool decode_base64(std::string_view text, std::string& out) {
    out.clear();
    std::string digits;
    for (const char c : text) {
        if (c != '\r' && c != '\n') {
            digits += c;
        }
    }
    if (digits.size() % 4 != 0) {
        return false;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < digits.size() && digits[digits.size() - 1 - padding] == '=') {
        ++padding;
    }
    unsigned bits = 0;
    for (std::size_t i = 0; i < digits.size() - padding; ++i) {
        const int digit = base64_digit(digits[i]);
        if (digit < 0) {
            return false;
        }
        bits = (bits << 6U) | static_cast<unsigned>(digit);
        if (i % 4 != 0) {
            const auto shift = static_cast<unsigned>(6 - 2 * (i % 4));
            out += static_cast<char>((bits >> shift) & 0xFFU);
        }
    }
    return true;
}

} // namespace fengsui::templates
