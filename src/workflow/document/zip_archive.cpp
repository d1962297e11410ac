#include "workflow/document/zip_archive.h"

#include "base/error.h"

#include <cstdint>
#define ZLIB_CONST // zlib only reads what it takes in
#include <zlib.h>

namespace fengsui::workflow {

namespace {

constexpr std::uint16_t kVersion = 20;      // APPNOTE 4.4.3: deflate
constexpr std::uint16_t kUtf8Names = 0x800; // APPNOTE 4.4.4, bit 11
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kDosMidnight = 0;
constexpr std::uint16_t kDosFirstDay = 0x21; // 1980-01-01, the first day the format knows

struct Packed {
    std::string bytes;
    std::uint32_t crc = 0;
    std::uint32_t size = 0;
};

void put16(std::string& out, std::uint32_t value) {
    out += static_cast<char>(value & 0xFFU);
    out += static_cast<char>((value >> 8U) & 0xFFU);
}

void put32(std::string& out, std::uint32_t value) {
    put16(out, value & 0xFFFFU);
    put16(out, value >> 16U);
}

Packed pack(const std::string& content) {
    z_stream stream{};
    // Negative window bits: a raw deflate stream, as ZIP wants it.
    if (deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw base::Error(base::ErrorCode::internal, "zlib cannot start");
    }
    Packed packed;
    packed.size = static_cast<std::uint32_t>(content.size());
    packed.bytes.resize(deflateBound(&stream, content.size()));
    stream.next_in = reinterpret_cast<const Bytef*>(content.data());
    stream.avail_in = packed.size;
    stream.next_out = reinterpret_cast<Bytef*>(packed.bytes.data());
    stream.avail_out = static_cast<uInt>(packed.bytes.size());
    const auto ended = deflate(&stream, Z_FINISH);
    packed.bytes.resize(stream.total_out);
    deflateEnd(&stream);
    FENGSUI_CHECK(ended == Z_STREAM_END, "deflateBound was enough");
    packed.crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()))
    );
    return packed;
}

/// What the local and the central header have in common (APPNOTE 4.3.7, 4.3.12).
void put_common(std::string& out, const ZipEntry& entry, const Packed& packed) {
    put16(out, kVersion);
    put16(out, kUtf8Names);
    put16(out, kDeflated);
    put16(out, kDosMidnight);
    put16(out, kDosFirstDay);
    put32(out, packed.crc);
    put32(out, static_cast<std::uint32_t>(packed.bytes.size()));
    put32(out, packed.size);
    put16(out, static_cast<std::uint32_t>(entry.name.size()));
    put16(out, 0); // no extra field
}

} // namespace

std::string to_zip(const std::vector<ZipEntry>& entries) {
    std::string out;
    std::string directory;
    for (const auto& entry : entries) {
        const auto packed = pack(entry.content);
        const auto offset = static_cast<std::uint32_t>(out.size());
        put32(out, 0x04034B50);
        put_common(out, entry, packed);
        out += entry.name;
        out += packed.bytes;
        put32(directory, 0x02014B50);
        put16(directory, kVersion);
        put_common(directory, entry, packed);
        directory.append(10, '\0'); // comment, disk, attributes
        put32(directory, offset);
        directory += entry.name;
    }
    const auto start = static_cast<std::uint32_t>(out.size());
    out += directory;
    put32(out, 0x06054B50);
    put32(out, 0); // one disk
    put16(out, static_cast<std::uint32_t>(entries.size()));
    put16(out, static_cast<std::uint32_t>(entries.size()));
    put32(out, static_cast<std::uint32_t>(directory.size()));
    put32(out, start);
    put16(out, 0);
    return out;
}

} // namespace fengsui::workflow
