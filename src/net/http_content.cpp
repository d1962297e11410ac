// Content codings (RFC 9110 section 8.4.1): bounded, and as forgiving as browsers.
#include "base/error.h"
#include "base/text.h"
#include "net/http_decode.h"

#include <algorithm>
#include <brotli/decode.h>
#include <memory>
#include <optional>
#define ZLIB_CONST // its input is const then
#include <zlib.h>

namespace fengsui::net {

namespace {

constexpr std::size_t kMaxCodings = 3;
constexpr std::size_t kPieceSize = std::size_t{32} * 1024;

enum class ContentCoding : std::uint8_t { gzip, deflate, brotli, unreadable };

/// Nothing for identity and for the words (utf-8, none …) that servers put here by mistake.
std::optional<ContentCoding> coding_of(std::string_view word) {
    if (base::iequals(word, "gzip") || base::iequals(word, "x-gzip")) {
        return ContentCoding::gzip;
    }
    if (base::iequals(word, "deflate")) {
        return ContentCoding::deflate;
    }
    if (base::iequals(word, "br")) {
        return ContentCoding::brotli;
    }
    const bool is_compressed = base::iequals(word, "compress") || base::iequals(word, "x-compress")
                               || base::iequals(word, "zstd") || base::iequals(word, "dcb")
                               || base::iequals(word, "dcz");
    return is_compressed ? std::optional(ContentCoding::unreadable) : std::nullopt;
}

struct Decoded {
    std::string bytes;
    bool is_whole = false;
};

/// One zlib stream's life.
class Inflater {
public:
    explicit Inflater(int window_bits) {
        FENGSUI_CHECK(inflateInit2(&stream_, window_bits) == Z_OK, "zlib has no memory");
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Inflates until the end, an error, or more than `limit` bytes.
    Decoded run(std::string_view input, std::size_t limit);

private:
    bool begin_next_member();

    z_stream stream_{};
};

/// A gzip file may hold several members (RFC 1952 2.2); anything else after the end is ignored.
bool Inflater::begin_next_member() {
    const bool has_member = stream_.avail_in >= 2 && stream_.next_in[0] == 0x1F && stream_.next_in[1] == 0x8B;
    return has_member && inflateReset(&stream_) == Z_OK;
}

Decoded Inflater::run(std::string_view input, std::size_t limit) {
    Decoded decoded;
    auto piece = std::make_unique_for_overwrite<Bytef[]>(kPieceSize);
    stream_.next_in = reinterpret_cast<const Bytef*>(input.data());
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(input.size(), UINT32_MAX));
    while (decoded.bytes.size() <= limit) {
        stream_.next_out = piece.get();
        stream_.avail_out = kPieceSize;
        const int status = inflate(&stream_, Z_NO_FLUSH);
        decoded.bytes.append(reinterpret_cast<const char*>(piece.get()), kPieceSize - stream_.avail_out);
        if (status == Z_STREAM_END && !begin_next_member()) {
            decoded.is_whole = true;
            return decoded;
        }
        const bool is_starved = stream_.avail_in == 0 && stream_.avail_out != 0;
        if ((status != Z_OK && status != Z_STREAM_END) || is_starved) {
            return decoded;
        }
    }
    return decoded;
}

Decoded decode_gzip(std::string_view input, std::size_t limit) {
    return Inflater(MAX_WBITS + 16).run(input, limit);
}

/// Raw deflate where zlib's wrapper was meant is a mistake as old as HTTP/1.1 (RFC 9110 8.4.1.2).
Decoded decode_deflate(std::string_view input, std::size_t limit) {
    auto wrapped = Inflater(MAX_WBITS).run(input, limit);
    if (wrapped.is_whole || !wrapped.bytes.empty()) {
        return wrapped;
    }
    return Inflater(-MAX_WBITS).run(input, limit);
}

struct BrotliFree {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};

Decoded decode_brotli(std::string_view input, std::size_t limit) {
    Decoded decoded;
    const std::unique_ptr<BrotliDecoderState, BrotliFree> state(
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)
    );
    FENGSUI_CHECK(state != nullptr, "brotli has no memory");
    auto piece = std::make_unique_for_overwrite<std::uint8_t[]>(kPieceSize);
    auto left = input.size();
    const auto* next = reinterpret_cast<const std::uint8_t*>(input.data());
    while (decoded.bytes.size() <= limit) {
        auto room = kPieceSize;
        auto* out = piece.get();
        const auto status = BrotliDecoderDecompressStream(state.get(), &left, &next, &room, &out, nullptr);
        decoded.bytes.append(reinterpret_cast<const char*>(piece.get()), kPieceSize - room);
        if (status != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
            decoded.is_whole = status == BROTLI_DECODER_RESULT_SUCCESS;
            return decoded;
        }
    }
    return decoded;
}

Decoded remove_coding(ContentCoding coding, std::string_view input, std::size_t limit) {
    switch (coding) {
    case ContentCoding::gzip:
        return decode_gzip(input, limit);
    case ContentCoding::deflate:
        return decode_deflate(input, limit);
    case ContentCoding::brotli:
        return decode_brotli(input, limit);
    case ContentCoding::unreadable:
        break;
    }
    return {};
}

std::vector<ContentCoding> codings_of(std::string_view header) {
    std::vector<ContentCoding> codings;
    for (const auto word : base::split(header, ',')) {
        const auto coding = coding_of(base::trim(word));
        if (coding && codings.size() <= kMaxCodings) {
            codings.push_back(*coding);
        }
    }
    return codings;
}

} // namespace

std::string decode_content(
    std::string_view body, std::string_view content_encoding, std::size_t limit, bool& complete
) {
    auto codings = codings_of(content_encoding);
    complete = codings.size() <= kMaxCodings;
    if (!complete || body.empty()) {
        codings.clear();
    }
    std::string bytes(body.substr(0, codings.empty() ? limit : body.size()));
    complete = complete && (!codings.empty() || body.size() <= limit);
    for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
        auto decoded = remove_coding(*coding, bytes, limit);
        complete = complete && decoded.is_whole && decoded.bytes.size() <= limit;
        if (decoded.bytes.empty() && !decoded.is_whole) {
            break; // what is there is more use to a reader than nothing
        }
        bytes = std::move(decoded.bytes);
    }
    bytes.resize(std::min(bytes.size(), limit));
    return bytes;
}

} // namespace fengsui::net
