#include "net/smtp_reply.h"

#include "base/text.h"
#include "net/mail_text.h"

#include <fmt/format.h>

#include <charconv>

namespace fengsui::net {

namespace {

constexpr std::size_t kReplyLimit = std::size_t{32} * 1024;
constexpr std::size_t kMaxLines = 100;
constexpr std::size_t kKept = 500;

int code_of(std::string_view line) {
    const bool is_code = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && base::is_digit(line[1])
                         && base::is_digit(line[2]);
    return is_code ? (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0') : 0;
}

void read_mechanisms(const std::vector<std::string_view>& words, SmtpExtensions& found) {
    for (const auto word : words) {
        found.auth_plain = found.auth_plain || base::iequals(word, "PLAIN");
        found.auth_login = found.auth_login || base::iequals(word, "LOGIN");
    }
}

void read_size(const std::vector<std::string_view>& words, SmtpExtensions& found) {
    found.has_size = true;
    if (words.size() > 1) {
        std::size_t limit = 0;
        const auto [end, failure] =
            std::from_chars(words[1].data(), words[1].data() + words[1].size(), limit);
        found.size_limit = failure == std::errc() && end == words[1].data() + words[1].size() ? limit : 0;
    }
}

} // namespace

std::string SmtpReply::text() const {
    std::string joined;
    for (const auto& line : lines) {
        joined += (joined.empty() ? "" : " ") + line;
    }
    return base::shorten(fmt::format("{} {}", code, joined), kKept);
}

std::size_t SmtpReplyReader::feed(std::string_view bytes) {
    std::size_t used = 0;
    while (state_ == State::reading && used < bytes.size()) {
        const char c = bytes[used++];
        if (++taken_ > kReplyLimit) {
            state_ = State::invalid;
        } else if (c == '\n') {
            end_line();
        } else {
            line_ += c;
        }
    }
    return used;
}

void SmtpReplyReader::end_line() {
    while (!line_.empty() && line_.back() == '\r') {
        line_.pop_back();
    }
    const int code = code_of(line_);
    const char separator = line_.size() > 3 ? line_[3] : ' ';
    const bool fits =
        code != 0 && (separator == ' ' || separator == '-') && (reply_.code == 0 || reply_.code == code);
    if (!fits || reply_.lines.size() >= kMaxLines) {
        state_ = State::invalid;
        return;
    }
    reply_.code = code;
    reply_.lines.push_back(base::shorten(one_line(line_.size() > 4 ? line_.substr(4) : std::string()), kKept)
    );
    line_.clear();
    state_ = separator == ' ' ? State::done : State::reading;
}

SmtpExtensions read_smtp_extensions(const SmtpReply& ehlo) {
    SmtpExtensions found;
    bool is_utf8_offered = false;
    for (std::size_t i = 1; i < ehlo.lines.size(); ++i) { // the first line is the greeting
        const auto words = base::split(ehlo.lines[i], ' ');
        const auto keyword = words.front();
        found.starttls = found.starttls || base::iequals(keyword, "STARTTLS");
        found.eight_bit = found.eight_bit || base::iequals(keyword, "8BITMIME");
        is_utf8_offered = is_utf8_offered || base::iequals(keyword, "SMTPUTF8");
        if (base::iequals(keyword, "AUTH")) {
            read_mechanisms(words, found);
        } else if (base::iequals(keyword, "SIZE")) {
            read_size(words, found);
        }
    }
    found.utf8 = is_utf8_offered && found.eight_bit;
    return found;
}

std::string stuff_dots(std::string_view message) {
    const std::string lines = with_crlf(message);
    std::string out;
    out.reserve(lines.size() + lines.size() / 64 + 8);
    bool is_line_start = true;
    for (const char c : lines) {
        if (is_line_start && c == '.') {
            out += '.';
        }
        out += c;
        is_line_start = c == '\n';
    }
    return out + ".\r\n";
}

} // namespace fengsui::net
