#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iconv.h>

namespace fengsui::base {

std::string to_lower(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) { return to_lower(c); });
    return lowered;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool iequals(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return to_lower(x) == to_lower(y);
           });
}

bool istarts_with(std::string_view text, std::string_view prefix) {
    return iequals(text.substr(0, prefix.size()), prefix);
}

std::size_t ifind(std::string_view text, std::string_view needle) {
    const auto found =
        std::search(text.begin(), text.end(), needle.begin(), needle.end(), [](char x, char y) {
            return to_lower(x) == to_lower(y);
        });
    if (found == text.end() && !needle.empty()) {
        return std::string_view::npos;
    }
    return static_cast<std::size_t>(found - text.begin());
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    while (true) {
        const auto at = text.find(separator);
        pieces.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return pieces;
        }
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> lines(std::string_view text) {
    auto pieces = split(text, '\n');
    if (!pieces.empty() && pieces.back().empty()) {
        pieces.pop_back();
    }
    for (auto& piece : pieces) {
        if (piece.ends_with('\r')) {
            piece.remove_suffix(1);
        }
    }
    return pieces;
}

bool glob_match(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

namespace {

/// Length of the valid UTF-8 sequence at the front, or 0 (RFC 3629: no surrogates, no overlong forms).
std::size_t utf8_length(std::string_view s) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint8_t>(s[i]);
    };
    const auto continues = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xBF) {
        return i < s.size() && byte(i) >= low && byte(i) <= high;
    };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return continues(1) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        const std::uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
        const std::uint8_t high = lead == 0xED ? 0x9F : 0xBF;
        return continues(1, low, high) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const std::uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
        const std::uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
        return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_plain_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
}

/// An iconv descriptor, closed by itself.
class Converter {
public:
    explicit Converter(std::string_view charset)
        : handle_(iconv_open("UTF-8", std::string(charset).c_str())) {}
    ~Converter() {
        if (is_open()) {
            iconv_close(handle_);
        }
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    /// iconv_open answers (iconv_t)-1 when it does not know the charset (POSIX).
    [[nodiscard]] bool is_open() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

    /// Converts all of `bytes`; false when some were undecodable (they became U+FFFD).
    bool convert(std::string_view bytes, std::string& out) {
        std::string input(bytes);
        char* in = input.data();
        std::size_t in_left = input.size();
        bool clean = true;
        while (in_left > 0) {
            char buffer[4096];
            char* to = buffer;
            std::size_t room = sizeof buffer;
            const auto status = iconv(handle_, &in, &in_left, &to, &room);
            out.append(buffer, sizeof buffer - room);
            if (status == static_cast<std::size_t>(-1) && errno != E2BIG) {
                clean = false;
                out += kReplacement;
                ++in;
                --in_left;
            }
        }
        return clean;
    }

private:
    iconv_t handle_;
};

} // namespace

bool is_valid_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto length = utf8_length(bytes);
        if (length == 0) {
            return false;
        }
        bytes.remove_prefix(length);
    }
    return true;
}

std::string scrub_utf8(std::string_view bytes) {
    std::string clean;
    clean.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto length = utf8_length(bytes);
        if (length == 0) {
            clean += kReplacement;
            bytes.remove_prefix(1);
            continue;
        }
        if (!is_plain_control(bytes.front())) {
            clean += bytes.substr(0, length);
        }
        bytes.remove_prefix(length);
    }
    return clean;
}

std::string shorten(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) {
        return std::string(text);
    }
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
        --end;
    }
    return std::string(text.substr(0, end)) + "…";
}

std::string to_utf8(std::string_view bytes, std::string_view charset) {
    if (charset.empty() || iequals(charset, "utf-8") || iequals(charset, "utf8")) {
        return scrub_utf8(bytes);
    }
    // Pages that say GB2312 or GBK mean their superset (WHATWG Encoding 10.1).
    const bool gb = istarts_with(charset, "gb") || iequals(charset, "x-gbk");
    Converter converter(gb ? std::string_view("GB18030") : charset);
    if (!converter.is_open()) {
        return scrub_utf8(bytes);
    }
    std::string out;
    converter.convert(bytes, out);
    return out;
}

bool decode_strict(std::string_view bytes, std::string_view charset, std::string& utf8) {
    Converter converter(charset);
    utf8.clear();
    return converter.is_open() && converter.convert(bytes, utf8);
}

std::string mask_secret(std::string_view secret) {
    const std::string clean = scrub_utf8(secret);
    std::size_t count = 0;
    std::size_t cut = 0;
    for (std::size_t i = 0; i < clean.size(); i += std::max<std::size_t>(1, utf8_length(clean.substr(i)))) {
        cut = count == 3 ? i : cut;
        ++count;
    }
    // A secret of three characters or fewer would be shown whole: show its length only.
    return fmt::format("{}… ({} characters)", count > 3 ? clean.substr(0, cut) : std::string(), count);
}

std::string hex(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto byte = [bytes](std::size_t at) -> std::uint32_t {
        return static_cast<std::uint8_t>(bytes[at]);
    };
    std::string text((bytes.size() + 2) / 3 * 4, '=');
    std::size_t out = 0;
    std::size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3) {
        const std::uint32_t group = byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
        text[out++] = kDigits[group >> 18U];
        text[out++] = kDigits[(group >> 12U) & 63U];
        text[out++] = kDigits[(group >> 6U) & 63U];
        text[out++] = kDigits[group & 63U];
    }
    if (at < bytes.size()) {
        const bool has_two = at + 1 < bytes.size();
        const std::uint32_t group = byte(at) << 16U | (has_two ? byte(at + 1) << 8U : 0U);
        text[out++] = kDigits[group >> 18U];
        text[out++] = kDigits[(group >> 12U) & 63U];
        text[out] = has_two ? kDigits[(group >> 6U) & 63U] : '=';
    }
    return text;
}

} // namespace fengsui::base
