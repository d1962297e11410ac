#include "workflow/attachment/archive.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <zlib.h>

namespace fengsui::workflow::attachment {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kMostEntries = 5'000;
constexpr std::uint64_t kMostUnpacked = 200ULL << 20U;
/// Text packs to a fiftieth at best; what packs better is made to.
constexpr std::uint64_t kMostRatio = 100;
constexpr std::uint64_t kSmallAnyway = 1ULL << 20U;
constexpr std::size_t kEndRecord = 22;
constexpr std::size_t kCentralRecord = 46;
constexpr std::size_t kLocalRecord = 30;

Error refuse(std::string message) {
    return {ErrorCode::invalid_argument, std::move(message)};
}

/// Little-endian numbers out of bytes that may end anywhere.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
    [[nodiscard]] bool holds(std::uint64_t at, std::uint64_t count) const {
        return at <= bytes_.size() && count <= bytes_.size() - at;
    }
    [[nodiscard]] std::uint32_t number(std::size_t at, int count) const {
        std::uint32_t value = 0;
        for (int i = count; i-- > 0;) {
            value = value << 8U | static_cast<unsigned char>(bytes_[at + static_cast<std::size_t>(i)]);
        }
        return value;
    }
    [[nodiscard]] std::string_view piece(std::size_t at, std::size_t count) const {
        return bytes_.substr(at, count);
    }

private:
    std::string_view bytes_;
};

struct Directory {
    std::size_t entries = 0;
    std::size_t at = 0;
    std::size_t end = 0;
};

base::Result<Directory> find_directory(std::string_view bytes) {
    constexpr std::size_t kLongestComment = 65'535;
    const auto from =
        bytes.size() > kEndRecord + kLongestComment ? bytes.size() - kEndRecord - kLongestComment : 0;
    const auto place = bytes.rfind("PK\x05\x06");
    if (place == std::string_view::npos || place < from || bytes.size() - place < kEndRecord) {
        return refuse("the archive is cut off");
    }
    const Bytes read(bytes);
    Directory directory;
    directory.entries = read.number(place + 10, 2);
    const auto size = read.number(place + 12, 4);
    directory.at = read.number(place + 16, 4);
    directory.end = place;
    if (directory.entries == 0xFFFF || directory.at == 0xFFFFFFFF) {
        return refuse("the archive is of the ZIP64 kind, for more than an attachment may hold");
    }
    if (directory.at > place || size > place - directory.at) {
        return refuse("the archive's directory lies outside the archive");
    }
    if (directory.entries > kMostEntries) {
        return refuse(fmt::format("the archive holds more than {} files", kMostEntries));
    }
    return directory;
}

bool is_path_out(std::string_view name) {
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos
        || name.find(':') != std::string_view::npos) {
        return true;
    }
    const auto segments = base::split(name, '/');
    const bool has_control = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    });
    return has_control || std::find(segments.begin(), segments.end(), "..") != segments.end();
}

bool is_archive_name(std::string_view name) {
    constexpr std::array<std::string_view, 14> kEndings = {
        ".zip",
        ".7z",
        ".rar",
        ".gz",
        ".tgz",
        ".bz2",
        ".xz",
        ".tar",
        ".cab",
        ".iso",
        ".jar",
        ".apk",
        ".zst",
        ".lzh"};
    const auto lower = base::to_lower(name);
    return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
        return lower.ends_with(ending);
    });
}

/// What comes out, counted; nothing is kept. False when it is not what was stated.
bool unpacks_to(std::string_view packed, std::uint64_t stated) {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        return false;
    }
    std::array<unsigned char, 65'536> out; // NOLINT(cppcoreguidelines-pro-type-member-init): inflate fills it
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data())); // NOLINT: zlib reads only
    stream.avail_in = static_cast<uInt>(packed.size());
    std::uint64_t total = 0;
    int status = Z_OK;
    while (status == Z_OK && total <= stated) {
        stream.next_out = out.data();
        stream.avail_out = static_cast<uInt>(out.size());
        status = inflate(&stream, Z_NO_FLUSH);
        total += out.size() - stream.avail_out;
    }
    inflateEnd(&stream);
    return status == Z_STREAM_END && total == stated;
}

struct Walk {
    std::uint64_t packed = 0;
    std::uint64_t unpacked = 0;
};

/// One record of the directory, with the bytes that it points to.
base::Result<ArchiveEntry> read_entry(std::string_view bytes, std::size_t at) {
    const Bytes read(bytes);
    const auto flags = read.number(at + 8, 2);
    const auto method = read.number(at + 10, 2);
    const auto packed = read.number(at + 20, 4);
    const auto local = read.number(at + 42, 4);
    ArchiveEntry entry;
    entry.size = read.number(at + 24, 4);
    entry.name = std::string(read.piece(at + kCentralRecord, read.number(at + 28, 2)));
    if ((flags & 1U) != 0) {
        return refuse("the archive is encrypted, so that nobody can see what it holds");
    }
    if (method != 0 && method != 8) {
        return refuse("the archive is packed in a way that cannot be looked into");
    }
    if (is_path_out(entry.name)) {
        return refuse("the archive holds a file whose name is a path out of it");
    }
    if (is_archive_name(entry.name)) {
        return refuse("the archive holds another archive; hand that in by itself");
    }
    if (!read.holds(local, kLocalRecord) || read.piece(local, 4) != "PK\x03\x04") {
        return refuse("the archive's directory does not fit its content");
    }
    const auto start =
        std::uint64_t{local} + kLocalRecord + read.number(local + 26, 2) + read.number(local + 28, 2);
    if (!read.holds(start, packed)) {
        return refuse("the archive is cut off");
    }
    entry.packed = read.piece(static_cast<std::size_t>(start), packed);
    entry.is_stored = method == 0;
    return entry;
}

} // namespace

base::Result<std::vector<ArchiveEntry>> read_archive(std::string_view bytes) {
    const auto directory = find_directory(bytes);
    if (!directory) {
        return directory.error();
    }
    const Bytes read(bytes);
    std::vector<ArchiveEntry> entries;
    Walk walk;
    std::size_t at = directory->at;
    for (std::size_t i = 0; i < directory->entries; ++i) {
        const bool is_record = at + kCentralRecord <= directory->end && read.piece(at, 4) == "PK\x01\x02";
        const auto length = is_record ? kCentralRecord + read.number(at + 28, 2) + read.number(at + 30, 2)
                                            + read.number(at + 32, 2)
                                      : 0;
        if (!is_record || length > directory->end - at) {
            return refuse("the archive's directory is damaged");
        }
        auto entry = read_entry(bytes, at);
        if (!entry) {
            return entry.error();
        }
        walk.packed += entry->packed.size();
        walk.unpacked += entry->size;
        entries.push_back(std::move(*entry));
        at += length;
    }
    const bool is_bomb = walk.unpacked > kMostUnpacked
                         || (walk.unpacked > kSmallAnyway && walk.unpacked > kMostRatio * bytes.size());
    if (is_bomb || walk.packed > bytes.size()) {
        return refuse("the archive unpacks to far more than it is");
    }
    for (const auto& entry : entries) {
        const bool fits =
            entry.is_stored ? entry.packed.size() == entry.size : unpacks_to(entry.packed, entry.size);
        if (!fits) {
            return refuse("the archive holds a file that is not of the size it states");
        }
    }
    return entries;
}

} // namespace fengsui::workflow::attachment
