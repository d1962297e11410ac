#include "probe/smtp/decode.h"

#include "base/text.h"

#include <algorithm>
#include <utility>

namespace fengsui::probe::smtp {

namespace {

constexpr std::size_t kReplyLimit = std::size_t{16} * 1024;
constexpr std::size_t kLineLimit = 2048; // RFC 5321 4.5.3.1.5 says 512; some say more
constexpr std::size_t kMaxLines = 100;
constexpr std::size_t kKept = 512;

/// The three digits, 200–599, or 0.
int code_of(std::string_view line) {
    const bool is_code = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && base::is_digit(line[1])
                         && base::is_digit(line[2]);
    return is_code ? (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0') : 0;
}

} // namespace

std::size_t ReplyReader::feed(std::string_view bytes) {
    std::size_t used = 0;
    while (state_ == State::reading && used < bytes.size()) {
        const auto rest = bytes.substr(used);
        const auto end = rest.find('\n');
        const auto piece = rest.substr(0, end);
        used += piece.size() + (end == std::string_view::npos ? 0 : 1);
        taken_ += piece.size() + 1;
        line_ += piece;
        if (line_.size() > kLineLimit || taken_ > kReplyLimit) {
            state_ = State::invalid;
        } else if (end != std::string_view::npos) {
            const std::string line = std::exchange(line_, {});
            read_line(line);
        }
    }
    return used;
}

void ReplyReader::read_line(std::string_view line) {
    while (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    const int code = code_of(line);
    const char separator = line.size() > 3 ? line[3] : ' ';
    const bool fits =
        code != 0 && (separator == ' ' || separator == '-') && (reply_.code == 0 || reply_.code == code);
    if (!fits || reply_.lines.size() >= kMaxLines) {
        state_ = State::invalid;
        return;
    }
    reply_.code = code;
    const auto text = line.size() > 4 ? line.substr(4) : std::string_view();
    reply_.lines.push_back(base::shorten(base::scrub_utf8(text), kKept));
    if (separator == ' ') {
        state_ = State::done;
    }
}

std::vector<std::string> read_extensions(const Reply& ehlo) {
    std::vector<std::string> extensions;
    for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {
        const auto line = base::trim(ehlo.lines[i]);
        // Old servers write AUTH=LOGIN.
        const auto end = std::min(line.find_first_of(" ="), line.size());
        if (end == 0) {
            continue;
        }
        std::string keyword(line.substr(0, end));
        std::transform(keyword.begin(), keyword.end(), keyword.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        extensions.push_back(keyword + std::string(line.substr(end)));
    }
    return extensions;
}

bool has_extension(const std::vector<std::string>& extensions, std::string_view keyword) {
    return std::any_of(extensions.begin(), extensions.end(), [&](const std::string& line) {
        return base::iequals(std::string_view(line).substr(0, line.find_first_of(" =")), keyword);
    });
}

} // namespace fengsui::probe::smtp
