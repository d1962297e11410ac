#include "net/mail_text.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace fengsui::net {

namespace {

constexpr std::size_t kFoldAt = 76;
constexpr std::size_t kLineWidth = 76; // RFC 2045 6.7, 6.8
constexpr std::size_t kWordBytes =
    39; // 64 characters with their frame: a line with a name before stays below 76
constexpr std::size_t kLongestPlainWord = 70; // above, it is encoded so that it can be folded
constexpr std::size_t kSectionLength = 60;

/// The bytes of the character at `at`; invalid UTF-8 was scrubbed before.
std::size_t character_length(std::string_view text, std::size_t at) {
    std::size_t length = 1;
    while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xc0) == 0x80) {
        ++length;
    }
    return length;
}

/// Encoded words of `text`, separated by folds: between two of them white space does not count.
std::string encoded_words(std::string_view text) {
    std::string out;
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t end = begin;
        while (end < text.size() && end + character_length(text, end) - begin <= kWordBytes) {
            end += character_length(text, end);
        }
        out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?")
               + base::base64(text.substr(begin, end - begin)) + "?=";
        begin = end;
    }
    return out;
}

bool needs_encoding(std::string_view line) {
    if (!is_plain_ascii(line) || line.find("=?") != std::string_view::npos) {
        return true;
    }
    const auto words = base::split(line, ' ');
    return std::any_of(words.begin(), words.end(), [](auto word) { return word.size() > kLongestPlainWord; });
}

std::string fold(std::string_view name, std::string_view line) {
    std::string out = std::string(name) + ":";
    std::size_t column = out.size();
    for (const auto word : base::split(line, ' ')) {
        if (column + 1 + word.size() > kFoldAt && column > name.size() + 1 && !word.empty()) {
            out += "\r\n";
            column = 0;
        }
        out += ' ';
        out += word;
        column += 1 + word.size();
    }
    return out + "\r\n";
}

bool is_atom_text(char c) {
    return base::is_alpha(c) || base::is_digit(c)
           || std::string_view("!#$%&'*+-/=?^_`{|}~ ").find(c) != std::string_view::npos;
}

bool is_literal_in_quoted_printable(unsigned char c) {
    return (c > ' ' && c < 0x7f && c != '=');
}

/// RFC 2231 attribute-char.
bool is_attribute_char(char c) {
    return base::is_alpha(c) || base::is_digit(c)
           || std::string_view("!#$&+-.^_`{|}~").find(c) != std::string_view::npos;
}

} // namespace

bool is_plain_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : base::scrub_utf8(text)) {
        const bool is_control = static_cast<unsigned char>(c) < ' ' || c == 0x7f;
        if (!is_control) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    return std::string(base::trim(out));
}

std::string unstructured_header(std::string_view name, std::string_view value) {
    const std::string line = one_line(value);
    if (needs_encoding(line)) {
        return fmt::format("{}: {}\r\n", name, encoded_words(line));
    }
    return fold(name, line);
}

std::string encode_phrase(std::string_view name) {
    const std::string line = one_line(name);
    if (needs_encoding(line)) {
        return encoded_words(line);
    }
    if (std::all_of(line.begin(), line.end(), is_atom_text)) {
        return line;
    }
    std::string quoted = "\"";
    for (const char c : line) {
        quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return quoted + "\"";
}

std::string with_crlf(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' || text[i] == '\n') {
            i += text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n' ? 1 : 0;
            out += "\r\n";
        } else {
            out += text[i];
        }
    }
    if (!out.empty() && !out.ends_with("\r\n")) {
        out += "\r\n";
    }
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    const std::string lines = with_crlf(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto c = static_cast<unsigned char>(lines[i]);
        if (c == '\r') {
            out += "\r\n";
            column = 0;
            ++i; // with_crlf leaves no CR without its LF
            continue;
        }
        const bool is_at_end = lines[i + 1] == '\r';
        // Mailboxes that separate mails by such lines alter them, which would break a signature.
        const bool is_from = column == 0 && lines.compare(i, 5, "From ") == 0;
        const bool is_blank = c == ' ' || c == '\t'; // not at the end of a line (RFC 2045 6.7 rule 3)
        const bool is_literal = (is_literal_in_quoted_printable(c) && !is_from) || (is_blank && !is_at_end);
        const std::size_t width = is_literal ? 1 : 3;
        if (column + width > kLineWidth - 1) {
            out += "=\r\n";
            column = 0;
        }
        out += is_literal ? std::string(1, lines[i]) : fmt::format("={:02X}", c);
        column += width;
    }
    return out;
}

std::string base64_lines(std::string_view bytes) {
    const std::string text = base::base64(bytes);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += kLineWidth) {
        out.append(text, at, kLineWidth).append("\r\n");
    }
    return out;
}

std::string filename_parameter(std::string_view file_name) {
    std::string name = one_line(file_name);
    name.erase(0, name.find_last_of("/\\") + 1);
    name = name.empty() ? "attachment" : name;
    if (is_plain_ascii(name) && name.size() <= kSectionLength && name.find('"') == std::string::npos) {
        return fmt::format(";\r\n filename=\"{}\"", name);
    }
    std::string out;
    std::string section = "UTF-8''";
    unsigned number = 0;
    const auto close = [&] {
        out += fmt::format(";\r\n filename*{}*={}", number++, section);
        section.clear();
    };
    for (const char c : name) {
        if (section.size() + 3 > kSectionLength) {
            close();
        }
        section +=
            is_attribute_char(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    close();
    return out;
}

} // namespace fengsui::net
