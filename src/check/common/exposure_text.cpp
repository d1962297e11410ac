#include "check/common/exposure_text.h"

#include "base/text.h"

#include <algorithm>
#include <iterator>

namespace fengsui::check {

namespace {

constexpr std::size_t kHtmlLook = 1024;
constexpr std::size_t kHtmlNear = 256;
constexpr std::size_t kLineBytes = 400;

bool is_key_byte(char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '.' || c == '-';
}

std::string_view strip(std::string_view text, std::string_view leading, std::string_view trailing) {
    const auto first = text.find_first_not_of(leading);
    if (first == std::string_view::npos) {
        return {};
    }
    const auto last = text.find_last_not_of(trailing);
    return last == std::string_view::npos || last < first ? std::string_view()
                                                          : text.substr(first, last - first + 1);
}

/// The last name in what stands before the sign: `define('DB_PASSWORD'` and `$cfg['password']` alike.
std::string_view key_of(std::string_view text) {
    std::size_t end = text.size();
    while (end > 0 && !is_key_byte(text[end - 1])) {
        --end;
    }
    std::size_t begin = end;
    while (begin > 0 && is_key_byte(text[begin - 1])) {
        --begin;
    }
    return text.substr(begin, end - begin);
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return base::icontains(text, word); });
}

bool names_credential(std::string_view key) {
    return contains_any(
        key,
        {"password",
         "passwd",
         "pwd",
         "secret",
         "token",
         "apikey",
         "api_key",
         "app_key",
         "access_key",
         "accesskey",
         "private_key",
         "credential"}
    );
}

bool is_placeholder(std::string_view value) {
    constexpr std::string_view kOpenings[] = {"${", "{{", "<", "%"};
    const bool is_variable = std::any_of(std::begin(kOpenings), std::end(kOpenings), [&](auto opening) {
        return base::istarts_with(value, opening);
    });
    return is_variable || value == "null" || std::all_of(value.begin(), value.end(), [](char c) {
               return c == '*' || c == 'x' || c == 'X';
           });
}

bool is_connection_string(std::string_view value) {
    const auto scheme = value.find("://");
    const auto at = value.find('@');
    const bool has_user = scheme != std::string_view::npos && at != std::string_view::npos && at > scheme
                          && value.substr(scheme + 3, at - scheme - 3).find(':') != std::string_view::npos;
    return has_user || contains_any(value, {"password=", "pwd="});
}

/// Length of `d.d.` at the beginning, or 0: the half of an IPv4 address that is kept.
std::size_t address_half(std::string_view text) {
    std::size_t at = 0;
    for (int part = 0; part < 2; ++part) {
        const std::size_t from = at;
        while (at < text.size() && at - from < 3 && base::is_digit(text[at])) {
            ++at;
        }
        if (at == from || at >= text.size() || text[at] != '.') {
            return 0;
        }
        ++at;
    }
    return at < text.size() && base::is_digit(text[at]) ? at : 0;
}

} // namespace

bool looks_like_html(std::string_view body) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    body.remove_prefix(body.substr(0, 3) == kByteOrderMark ? 3 : 0);
    const auto start = base::trim(body.substr(0, kHtmlLook));
    const bool has_tag = start.size() > 1 && start[0] == '<' && (base::is_alpha(start[1]) || start[1] == '!');
    // A warning of the server may come first; further down a dump may well hold pages as data.
    return has_tag || contains_any(start.substr(0, kHtmlNear), {"<!doctype", "<html", "<head", "<body"});
}

std::optional<Assignment> read_assignment(std::string_view line) {
    const auto sign = line.find_first_of("=:,");
    if (sign == std::string_view::npos) {
        return std::nullopt;
    }
    const auto key = key_of(line.substr(0, sign));
    if (key.empty()) {
        return std::nullopt;
    }
    return Assignment{key, strip(line.substr(sign + 1), "=> \t\"'", " \t\"',;)")};
}

std::vector<std::string_view> meaningful_lines(std::string_view text, std::size_t limit) {
    std::vector<std::string_view> found;
    std::size_t from = 0;
    while (from < text.size() && found.size() < limit) {
        const auto end = std::min(text.find('\n', from), text.size());
        const auto line = base::trim(text.substr(from, end - from));
        const bool is_comment =
            !line.empty() && (line[0] == '#' || line[0] == ';' || line.substr(0, 2) == "//");
        if (!line.empty() && !is_comment) {
            found.push_back(line.substr(0, kLineBytes));
        }
        from = end + 1;
    }
    return found;
}

bool holds_credential(const Assignment& assignment) {
    if (is_placeholder(assignment.value)) {
        return false;
    }
    return names_credential(assignment.key) || is_connection_string(assignment.value);
}

std::string masked(const Assignment& assignment) {
    return base::scrub_utf8(assignment.key) + "=" + base::mask_secret(assignment.value);
}

std::string masked_url(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return base::scrub_utf8(url);
    }
    const auto authority = scheme + 3;
    const auto end = std::min(url.find('/', authority), url.size());
    const auto at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < authority) {
        return base::scrub_utf8(url);
    }
    return base::scrub_utf8(url.substr(0, authority)) + "…@" + base::scrub_utf8(url.substr(at + 1));
}

std::string masked_log_line(std::string_view line) {
    std::string text;
    for (std::size_t i = 0; i < line.size();) {
        const bool may_begin = i == 0 || (!base::is_digit(line[i - 1]) && line[i - 1] != '.');
        const std::size_t half = may_begin ? address_half(line.substr(i)) : 0;
        if (half > 0) {
            text.append(line.substr(i, half)).append("x.x");
            i += half;
            i = std::min(line.find_first_not_of("0123456789.", i), line.size());
        } else if (line[i] == '?') {
            text += "?…";
            i = std::min(line.find_first_of(" \"", i), line.size());
        } else {
            text += line[i++];
        }
    }
    return base::scrub_utf8(text);
}

bool begins_with_shape(std::string_view text, std::string_view shape) {
    if (text.size() < shape.size()) {
        return false;
    }
    return std::equal(shape.begin(), shape.end(), text.begin(), [](char wanted, char c) {
        return wanted == 'd' ? base::is_digit(c) : wanted == 'a' ? base::is_alpha(c) : wanted == c;
    });
}

} // namespace fengsui::check
