#include "net/http_decode.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace fengsui::net {

namespace {

constexpr std::size_t kMaxHeadBytes =
    std::size_t{1024} * 1024; // scanned for the blank line; beyond it nobody speaks HTTP
constexpr std::size_t kMaxStatusLine = std::size_t{8} * 1024;
constexpr std::size_t kMaxChunkLine = std::size_t{8} * 1024; // extension or trailer field
constexpr unsigned kMaxChunkDigits = 15;                     // below 2^60, so that no sum overflows

base::Error bad_http(const char* what) {
    return {base::ErrorCode::invalid_argument, std::string("not an HTTP response: ") + what};
}

std::string_view without_cr(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

/// Whether `bytes` could grow into something that begins with `word`, or does already.
bool may_begin_with(std::string_view bytes, std::string_view word) {
    const auto length = std::min(bytes.size(), word.size());
    return base::iequals(bytes.substr(0, length), word.substr(0, length));
}

std::size_t skip_blank_lines(std::string_view bytes) {
    const auto first = bytes.find_first_not_of("\r\n");
    return first == std::string_view::npos ? bytes.size() : first;
}

/// `HTTP/1.1 200 OK`, `HTTP/1.0  200`, `ICY 200 OK`.
bool parse_status_line(std::string_view line, HttpHead& head) {
    const auto space = line.find_first_of(" \t");
    const auto version = line.substr(0, space);
    if (!base::iequals(version, "ICY") && !(base::istarts_with(version, "HTTP/") && version.size() <= 8)) {
        return false;
    }
    auto rest = space == std::string_view::npos ? std::string_view() : base::trim(line.substr(space));
    const auto digits = rest.substr(0, 3);
    if (digits.size() < 3 || !std::all_of(digits.begin(), digits.end(), base::is_digit) || digits[0] == '0') {
        return false;
    }
    rest.remove_prefix(3);
    if (!rest.empty() && base::is_digit(rest[0])) {
        return false;
    }
    head.version = version;
    head.status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    head.phrase = base::trim(rest);
    return true;
}

void add_header_line(std::string_view line, const HttpLimits& limits, model::HttpHeaders& headers) {
    const bool is_folded = line[0] == ' ' || line[0] == '\t'; // obs-fold, RFC 9112 5.2
    if (is_folded) {
        const auto more = base::trim(line);
        if (!headers.empty() && !more.empty()) {
            headers.back().value.append(headers.back().value.empty() ? "" : " ").append(more);
        }
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || headers.size() >= limits.headers) {
        return;
    }
    const auto name = base::trim(line.substr(0, colon));
    if (!name.empty()) {
        headers.push_back({std::string(name), std::string(base::trim(line.substr(colon + 1)))});
    }
}

void add_headers(std::string_view lines, const HttpLimits& limits, model::HttpHeaders& headers) {
    headers.reserve(16);
    std::size_t used = 0;
    while (used < limits.head) {
        const auto end = lines.find('\n', used);
        const auto line = without_cr(lines.substr(used, end == std::string_view::npos ? end : end - used));
        if (line.empty() || end == std::string_view::npos || end >= limits.head) {
            return;
        }
        // A folded line after a dropped one would join the wrong header: the flood's tail is only read.
        if (headers.size() < limits.headers || line[0] == ' ' || line[0] == '\t') {
            add_header_line(line, limits, headers);
        } else {
            return;
        }
        used = end + 1;
    }
}

/// The error or the head so far, for bytes that hold no blank line yet.
base::Result<HttpHead> judge_incomplete(std::string_view bytes, std::size_t start, bool& incomplete) {
    const auto begun = bytes.substr(start);
    if (!may_begin_with(begun, "HTTP/") && !may_begin_with(begun, "ICY ")) {
        return bad_http("no status line");
    }
    const auto line_end = begun.find('\n');
    HttpHead head;
    if (line_end != std::string_view::npos
        && !parse_status_line(without_cr(begun.substr(0, line_end)), head)) {
        return bad_http("bad status line");
    }
    if ((line_end == std::string_view::npos && begun.size() > kMaxStatusLine)
        || bytes.size() > kMaxHeadBytes) {
        return bad_http("the head does not end");
    }
    incomplete = true;
    return HttpHead{};
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
    std::uint64_t length = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
    const bool is_whole = !text.empty() && failure == std::errc() && end == text.data() + text.size();
    return is_whole ? std::optional(length) : std::nullopt;
}

/// The one length that all Content-Length fields and their list members agree on (RFC 9110 8.6).
std::optional<std::uint64_t> agreed_length(const model::HttpHeaders& headers) {
    std::optional<std::uint64_t> agreed;
    for (const auto& header : headers) {
        if (!base::iequals(header.name, "Content-Length")) {
            continue;
        }
        for (const auto piece : base::split(header.value, ',')) {
            const auto length = parse_length(base::trim(piece));
            if (!length || (agreed && *agreed != *length)) {
                return std::nullopt;
            }
            agreed = length;
        }
    }
    return agreed;
}

enum class TransferCoding : std::uint8_t { identity, chunked, other };

/// What the last transfer coding is: it alone decides the framing.
TransferCoding last_transfer_coding(const model::HttpHeaders& headers) {
    auto last = TransferCoding::identity;
    for (const auto& header : headers) {
        if (!base::iequals(header.name, "Transfer-Encoding")) {
            continue;
        }
        for (const auto piece : base::split(header.value, ',')) {
            const auto coding = base::trim(piece.substr(0, piece.find(';')));
            if (base::iequals(coding, "chunked")) {
                last = TransferCoding::chunked;
            } else if (!coding.empty() && !base::iequals(coding, "identity")) {
                last = TransferCoding::other;
            }
        }
    }
    return last;
}

int hex_digit(char c) {
    if (base::is_digit(c)) {
        return c - '0';
    }
    const char lower = base::to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

std::size_t find_head_end(std::string_view bytes, std::size_t from) {
    auto at = std::max(from, skip_blank_lines(bytes));
    while (true) {
        at = bytes.find('\n', at);
        if (at == std::string_view::npos) {
            return at;
        }
        ++at;
        if (at < bytes.size() && bytes[at] == '\n') {
            return at + 1;
        }
        if (at + 1 < bytes.size() && bytes[at] == '\r' && bytes[at + 1] == '\n') {
            return at + 2;
        }
    }
}

base::Result<HttpHead> decode_http_head(std::string_view bytes, const HttpLimits& limits, bool& incomplete) {
    incomplete = false;
    const auto start = skip_blank_lines(bytes);
    const auto end = find_head_end(bytes, start);
    if (end == std::string_view::npos) {
        return judge_incomplete(bytes, start, incomplete);
    }
    if (end > kMaxHeadBytes) {
        return bad_http("the head is too long");
    }
    HttpHead head;
    const auto lines = bytes.substr(start, end - start);
    const auto line_end = lines.find('\n');
    if (!parse_status_line(without_cr(lines.substr(0, line_end)), head)) {
        return bad_http("bad status line");
    }
    add_headers(lines.substr(line_end + 1), limits, head.headers);
    head.length = end;
    return head;
}

BodyPlan plan_body(std::string_view method, const HttpHead& head) {
    if (method == "HEAD" || head.status / 100 == 1 || head.status == 204 || head.status == 304) {
        return {BodyFraming::none, 0};
    }
    // Browsers take chunked from an HTTP/1.0 server for a slip of its author (RFC 9112 6.1).
    const auto coding = base::iequals(head.version, "HTTP/1.0") ? TransferCoding::identity
                                                                : last_transfer_coding(head.headers);
    if (coding != TransferCoding::identity) {
        return {coding == TransferCoding::chunked ? BodyFraming::chunked : BodyFraming::until_close, 0};
    }
    const auto length = agreed_length(head.headers);
    if (!length) {
        return {BodyFraming::until_close, 0};
    }
    return {*length == 0 ? BodyFraming::none : BodyFraming::length, *length};
}

bool ChunkDecoder::feed(std::string_view bytes, std::string& out) {
    while (!bytes.empty() && state_ != State::broken) {
        if (state_ == State::done) {
            has_excess_ = true;
            return true;
        }
        bytes.remove_prefix(step(bytes, out));
    }
    return state_ != State::broken;
}

std::size_t ChunkDecoder::step(std::string_view bytes, std::string& out) {
    if (state_ == State::data) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        out += bytes.substr(0, count);
        left_ -= count;
        state_ = left_ == 0 ? State::data_end : State::data;
        return count;
    }
    const char c = bytes[0];
    if (state_ == State::size) {
        state_ = take_digit(c);
    } else if (state_ == State::data_end) {
        state_ = c == '\n' ? State::size : c == '\r' ? State::data_end : State::broken;
    } else {
        state_ = take_line(c);
    }
    return 1;
}

ChunkDecoder::State ChunkDecoder::take_digit(char c) {
    const int digit = hex_digit(c);
    if (digit >= 0) {
        left_ = left_ * 16 + static_cast<unsigned>(digit);
        return ++digits_ > kMaxChunkDigits ? State::broken : State::size;
    }
    const bool may_end_size = c == ';' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (digits_ == 0 || !may_end_size) {
        return State::broken;
    }
    line_length_ = 0;
    digits_ = 0;
    return take_line(c);
}

/// The rest of a size line, or the trailer section after the last chunk.
ChunkDecoder::State ChunkDecoder::take_line(char c) {
    const bool in_trailer = state_ == State::trailer;
    if (c == '\n') {
        const bool is_blank = line_length_ == 0;
        line_length_ = 0;
        if (in_trailer) {
            return is_blank ? State::done : State::trailer;
        }
        return left_ == 0 ? State::trailer : State::data;
    }
    line_length_ += c == '\r' ? 0U : 1U;
    if (line_length_ > kMaxChunkLine) {
        return State::broken;
    }
    return in_trailer ? State::trailer : State::size_line;
}

} // namespace fengsui::net
