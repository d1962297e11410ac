// Small text functions. Everything here is ASCII-minded and locale-free unless it says otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::base {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string to_lower(std::string_view text);
std::string_view trim(std::string_view text);
bool iequals(std::string_view a, std::string_view b);
bool istarts_with(std::string_view text, std::string_view prefix);
/// Position of `needle` in `text` without regard to ASCII case, or npos.
std::size_t ifind(std::string_view text, std::string_view needle);
inline bool icontains(std::string_view text, std::string_view needle) {
    return ifind(text, needle) != std::string_view::npos;
}

/// The pieces between separators, empty ones included; an empty text gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Lines without their CR LF or LF.
std::vector<std::string_view> lines(std::string_view text);

/// `pattern` with `*` (any run) and `?` (any one character) over the whole of `text`.
bool glob_match(std::string_view pattern, std::string_view text);

bool is_valid_utf8(std::string_view bytes);
/// The same text with every invalid sequence replaced by U+FFFD and control characters (but \t \n) dropped.
std::string scrub_utf8(std::string_view bytes);
/// At most `limit` bytes, cut at a character boundary, with "…" when cut. Input: valid UTF-8.
std::string shorten(std::string_view text, std::size_t limit);

/// Converts from `charset` (an IANA name such as "gb18030") to UTF-8; undecodable bytes become U+FFFD.
/// An unknown charset gives the scrubbed input.
std::string to_utf8(std::string_view bytes, std::string_view charset);
/// True and the text when `bytes` are wholly valid in `charset`.
bool decode_strict(std::string_view bytes, std::string_view charset, std::string& utf8);

/// A secret as evidence shows it: the first three characters and the length, e.g. `abc… (12 characters)`.
std::string mask_secret(std::string_view secret);

std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);

} // namespace fengsui::base
