// HTTP/1.1 as broken servers really send it: pure, bounded, fuzzed (RFC 9112, read tolerantly).
#pragma once

#include "base/result.h"
#include "model/http.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fengsui::net {

struct HttpLimits {
    std::size_t head = std::size_t{64} * 1024;  ///< all header lines together
    std::size_t headers = 200;                  ///< kept; the rest is read and dropped
    std::size_t body = std::size_t{256} * 1024; ///< decoded bytes kept
};

struct HttpHead {
    int status = 0;
    std::string version; ///< HTTP/1.1
    std::string phrase;
    model::HttpHeaders headers;
    std::size_t length = 0; ///< bytes of input it took, blank line included
};

/// Reads a response head. Accepts bare LF, missing phrase, leading blank lines, folded lines, lines
/// without a colon (dropped), HTTP/1.x and ICY; 1xx heads are the caller's to skip. An error when the
/// bytes cannot be HTTP. `incomplete` is set when more bytes are needed.
base::Result<HttpHead> decode_http_head(std::string_view bytes, const HttpLimits& limits, bool& incomplete);

/// Where the head ends (just past its blank line), looking from `from` on; npos when it has not come yet.
/// Lets a reader that is fed in drips look at each byte once.
std::size_t find_head_end(std::string_view bytes, std::size_t from = 0);

enum class BodyFraming : std::uint8_t { none, length, chunked, until_close };
struct BodyPlan {
    BodyFraming framing = BodyFraming::until_close;
    std::uint64_t length = 0;
};
/// RFC 9112 section 6.3, and what browsers do where servers contradict themselves.
BodyPlan plan_body(std::string_view method, const HttpHead& head);

/// Takes chunked bytes piece by piece.
class ChunkDecoder {
public:
    /// Appends the payload of `bytes` to `out`; false when the framing is broken.
    bool feed(std::string_view bytes, std::string& out);
    [[nodiscard]] bool is_done() const { return state_ == State::done; }
    /// Bytes came after the last chunk: the connection is not where the next answer begins.
    [[nodiscard]] bool has_excess() const { return has_excess_; }

private:
    enum class State : std::uint8_t { size, size_line, data, data_end, trailer, done, broken };
    /// Takes a part of `bytes` in the present state; the count taken.
    std::size_t step(std::string_view bytes, std::string& out);
    State take_digit(char c);
    State take_line(char c);

    State state_ = State::size;
    std::uint64_t left_ = 0;
    unsigned digits_ = 0;
    std::size_t line_length_ = 0;
    bool has_excess_ = false;
};

/// Removes gzip, x-gzip, deflate (zlib or raw) and br, singly or stacked (at most 3), stopping at `limit`
/// bytes (a bomb costs no more). `complete` false: cut or broken; what could be read is returned.
std::string decode_content(
    std::string_view body, std::string_view content_encoding, std::size_t limit, bool& complete
);

/// Charset from Content-Type, a BOM, or a meta element in the first 1024 bytes (WHATWG prescan); lower case.
std::string detect_charset(const std::string* content_type, std::string_view body);

} // namespace fengsui::net
