// Reading and masking the text files that get left behind.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::check {

/// Judged by the first bytes, whatever the Content-Type says: an error page in place of a file.
bool looks_like_html(std::string_view body);

/// One `key = value` as shells, INI, YAML, JSON and PHP write it, quotes and punctuation taken off.
struct Assignment {
    std::string_view key;
    std::string_view value;
};
std::optional<Assignment> read_assignment(std::string_view line);

/// Lines that say something: trimmed, not empty, not a comment; at most `limit`.
std::vector<std::string_view> meaningful_lines(std::string_view text, std::size_t limit);

/// A password, token or key, by the name of the key or by a connection string in the value. Empty values
/// and placeholders such as ${NAME} are none.
bool holds_credential(const Assignment& assignment);
/// `KEY=abc… (12 characters)`
std::string masked(const Assignment& assignment);

/// A URL without what stands before `@` in its authority.
std::string masked_url(std::string_view url);
/// A log line without query strings and with the second half of IPv4 addresses blotted out.
std::string masked_log_line(std::string_view line);

/// `shape` over the beginning of `text`: d a digit, a a letter, anything else itself.
bool begins_with_shape(std::string_view text, std::string_view shape);

} // namespace fengsui::check
