#include "net/http_target.h"

#include "base/text.h"

#include <algorithm>

namespace fengsui::net {

namespace {

int escape_digit(char c) {
    if (base::is_digit(c)) {
        return c - '0';
    }
    const char lower = base::to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum class Plus : bool { literal, space };

/// False for `%` without two hexadecimal digits, NUL, or a result that is not UTF-8.
bool percent_decode(std::string_view text, Plus plus, std::string& decoded) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%') {
            const int high = at + 2 < text.size() ? escape_digit(text[at + 1]) : -1;
            const int low = at + 2 < text.size() ? escape_digit(text[at + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = static_cast<char>(high * 16 + low);
            at += 2;
        } else if (c == '+' && plus == Plus::space) {
            c = ' ';
        }
        if (c == '\0') {
            return false;
        }
        decoded += c;
    }
    return base::is_valid_utf8(decoded);
}

bool decode_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& query) {
    for (const auto pair : base::split(text, '&')) {
        if (pair.empty()) {
            continue;
        }
        const auto equals = pair.find('=');
        auto& [name, value] = query.emplace_back();
        const auto value_text =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        if (!percent_decode(pair.substr(0, equals), Plus::space, name)
            || !percent_decode(value_text, Plus::space, value)) {
            return false;
        }
    }
    return true;
}

} // namespace

bool decode_target(std::string_view target, HttpTarget& decoded) {
    if (base::istarts_with(target, "http://") || base::istarts_with(target, "https://")) {
        const auto authority = target.find("//") + 2;
        target.remove_prefix(std::min(target.size(), target.find_first_of("/?", authority)));
    }
    const auto question = target.find('?');
    const auto path = target.substr(0, question);
    if (!path.empty() && path[0] != '/' && path != "*") {
        return false;
    }
    const auto query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    if (!percent_decode(path, Plus::literal, decoded.path) || !decode_query(query, decoded.query)) {
        return false;
    }
    if (decoded.path.empty()) {
        decoded.path = "/"; // absolute form without a path
    }
    return true;
}

} // namespace fengsui::net
