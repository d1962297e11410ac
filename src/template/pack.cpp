#include "template/pack.h"

#include "base/text.h"
#include "template/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <zlib.h>

namespace fengsui::templates {

namespace {

using Bytes = std::string_view;

base::Error damaged(std::string_view what) {
    return {base::ErrorCode::invalid_argument, fmt::format("the archive cannot be read: {}", what)};
}

/// Path below the root in plain form; empty: it is not taken.
std::string plain_name(std::string_view name) {
    if (name.empty() || name.front() == '/' || name.size() > 1000
        || name.find_first_of(std::string_view("\\\0", 2)) != std::string_view::npos) {
        return {};
    }
    std::string out;
    for (const auto part : base::split(name, '/')) {
        if (part == "..") {
            return {};
        }
        if (!part.empty() && part != ".") {
            out += (out.empty() ? "" : "/") + std::string(part);
        }
    }
    return out;
}

/// Collects what is taken, within the limits.
class Collector {
public:
    Collector(Pack& pack, const PackLimits& limits) : pack_(pack), limits_(limits) {}

    /// How much an entry may still come to; above, the archive is refused as a whole.
    [[nodiscard]] std::size_t room() const { return limits_.bytes - total_; }
    base::Result<bool> add(std::string_view name, std::string content) {
        total_ += content.size();
        if (++count_ > limits_.count || total_ > limits_.bytes) {
            return damaged("it holds too much");
        }
        const auto place = plain_name(name);
        if (place.empty() || content.size() > limits_.file) {
            ++pack_.left_out;
            return true;
        }
        pack_.files.insert_or_assign(place, std::move(content));
        return true;
    }
    base::Result<bool> leave_out() {
        ++pack_.left_out;
        return ++count_ > limits_.count ? base::Result<bool>(damaged("it holds too much")) : true;
    }

private:
    Pack& pack_;
    const PackLimits& limits_;
    std::size_t total_ = 0;
    std::size_t count_ = 0;
};

/// zlib's stream, ended whatever happens. `window`: 15 + 16 for gzip, -15 for bare deflate.
base::Result<std::string> inflate_bytes(Bytes bytes, int window, std::size_t limit) {
    z_stream stream{};
    if (inflateInit2(&stream, window) != Z_OK) {
        return damaged("no memory");
    }
    const std::unique_ptr<z_stream, void (*)(z_stream*)> guard(&stream, [](z_stream* s) { inflateEnd(s); });
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), UINT_MAX));
    std::string out;
    std::string buffer(1U << 18U, '\0');
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        status = inflate(&stream, Z_NO_FLUSH);
        const std::size_t made = buffer.size() - stream.avail_out;
        if (out.size() + made > limit) {
            return damaged("it holds too much");
        }
        out.append(buffer, 0, made);
        if (made == 0 && stream.avail_in == 0) {
            break;
        }
    }
    return status == Z_STREAM_END ? base::Result<std::string>(std::move(out))
                                  : damaged("it is cut off or damaged");
}

constexpr std::size_t kBlock = 512; ///< POSIX.1-1988 ustar

/// A number in octal, or in base 256 when the first bit is set (GNU).
std::size_t tar_number(Bytes field) {
    std::size_t value = 0;
    const bool is_binary = !field.empty() && (static_cast<unsigned char>(field.front()) & 0x80U) != 0;
    for (std::size_t i = is_binary ? 1 : 0; i < field.size(); ++i) {
        if (is_binary) {
            value = (value << 8U) | static_cast<unsigned char>(field[i]);
        } else if (field[i] >= '0' && field[i] <= '7') {
            value = (value << 3U) | static_cast<std::size_t>(field[i] - '0');
        }
        if (value > (std::size_t{1} << 40U)) {
            return value;
        }
    }
    return value;
}

std::string tar_text(Bytes field) {
    return std::string(field.substr(0, field.find('\0')));
}

/// `path` of a pax header: records `LENGTH path=VALUE\n`.
std::string pax_path(Bytes records) {
    std::string path;
    while (!records.empty()) {
        const auto end = records.find('\n');
        const auto line = records.substr(0, end);
        const auto space = line.find(' ');
        if (space != Bytes::npos && line.substr(space + 1).starts_with("path=")) {
            path = std::string(line.substr(space + 6));
        }
        records = end == Bytes::npos ? Bytes() : records.substr(end + 1);
    }
    return path;
}

base::Result<bool> read_tar(Bytes bytes, Collector& collector) {
    std::string long_name;
    for (std::size_t at = 0; at + kBlock <= bytes.size() && bytes[at] != '\0';) {
        const Bytes header = bytes.substr(at, kBlock);
        const std::size_t size = tar_number(header.substr(124, 12));
        at += kBlock;
        if (size > bytes.size() - at) {
            return damaged("an entry is cut off");
        }
        const Bytes content = bytes.substr(at, size);
        at += std::min(bytes.size() - at, (size + kBlock - 1) / kBlock * kBlock);
        const char kind = header[156];
        if (kind == 'x' || kind == 'L') {
            long_name = kind == 'x' ? pax_path(content) : tar_text(content);
            continue;
        }
        const std::string prefix = header.substr(257, 5) == "ustar" ? tar_text(header.substr(345, 155)) : "";
        const std::string short_name = tar_text(header.substr(0, 100));
        const std::string name =
            !long_name.empty() ? long_name : (prefix.empty() ? short_name : prefix + "/" + short_name);
        long_name.clear();
        const bool is_file = kind == '0' || kind == '\0';
        const bool is_folder = kind == '5' || kind == 'g';
        const auto done = is_file ? collector.add(name, std::string(content))
                                  : (is_folder ? base::Result<bool>(true) : collector.leave_out());
        if (!done) {
            return done;
        }
    }
    return true;
}

std::size_t little_endian(Bytes bytes, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = (value << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}

/// One entry of a central directory (APPNOTE 4.3.12).
struct ZipEntry {
    std::size_t flags = 0;
    std::size_t method = 0;
    std::size_t packed = 0;
    std::size_t size = 0;
    std::size_t mode = 0; ///< of Unix, 0 elsewhere
    std::size_t place = 0;
    std::string name;
};

base::Result<bool> read_zip_entry(Bytes bytes, const ZipEntry& entry, Collector& collector) {
    constexpr std::size_t kLocalHeader = 30;
    constexpr std::size_t kFileType = 0xF000;
    constexpr std::size_t kRegular = 0x8000;
    if (entry.name.ends_with('/')) {
        return true;
    }
    const std::size_t type = entry.mode & kFileType;
    if ((type != 0 && type != kRegular) || (entry.flags & 1U) != 0) { // links, devices; encrypted
        return collector.leave_out();
    }
    if (entry.place > bytes.size() || bytes.size() - entry.place < kLocalHeader) {
        return damaged("an entry lies outside");
    }
    const std::size_t begin = entry.place + kLocalHeader + little_endian(bytes, entry.place + 26, 2)
                              + little_endian(bytes, entry.place + 28, 2);
    if (begin > bytes.size() || entry.packed > bytes.size() - begin) {
        return damaged("an entry is cut off");
    }
    const Bytes packed = bytes.substr(begin, entry.packed);
    if (entry.method == 0) {
        return packed.size() > collector.room() ? base::Result<bool>(damaged("it holds too much"))
                                                : collector.add(entry.name, std::string(packed));
    }
    if (entry.method != 8) {
        return collector.leave_out();
    }
    auto content = inflate_bytes(packed, -15, std::min(collector.room(), entry.size));
    return content ? collector.add(entry.name, std::move(content).value())
                   : base::Result<bool>(content.error());
}

base::Result<bool> read_zip(Bytes bytes, Collector& collector) {
    constexpr std::size_t kEnd = 22;
    constexpr std::size_t kCentral = 46;
    const auto end = bytes.rfind("PK\x05\x06");
    if (end == Bytes::npos || bytes.size() - end < kEnd) {
        return damaged("it has no directory");
    }
    const std::size_t count = little_endian(bytes, end + 10, 2);
    std::size_t at = little_endian(bytes, end + 16, 4);
    for (std::size_t i = 0; i < count; ++i) {
        if (at > bytes.size() || bytes.size() - at < kCentral || bytes.substr(at, 4) != "PK\x01\x02") {
            return damaged("its directory is cut off");
        }
        ZipEntry entry;
        entry.flags = little_endian(bytes, at + 8, 2);
        entry.method = little_endian(bytes, at + 10, 2);
        entry.packed = little_endian(bytes, at + 20, 4);
        entry.size = little_endian(bytes, at + 24, 4);
        entry.mode = little_endian(bytes, at + 4, 2) >> 8U == 3 ? little_endian(bytes, at + 40, 2) : 0;
        entry.place = little_endian(bytes, at + 42, 4);
        const std::size_t name = little_endian(bytes, at + 28, 2);
        if (bytes.size() - at - kCentral < name) {
            return damaged("its directory is cut off");
        }
        entry.name = std::string(bytes.substr(at + kCentral, name));
        at += kCentral + name + little_endian(bytes, at + 30, 2) + little_endian(bytes, at + 32, 2);
        if (auto done = read_zip_entry(bytes, entry, collector); !done) {
            return done;
        }
    }
    return true;
}

/// `nuclei-templates-10.1/…` around everything says nothing.
void drop_common_folder(Pack& pack) {
    std::string_view common;
    for (const auto& [name, content] : pack.files) {
        const auto slash = name.find('/');
        const auto folder =
            slash == std::string::npos ? std::string_view() : std::string_view(name).substr(0, slash + 1);
        common = common.empty() ? folder : common;
        if (folder.empty() || folder != common) {
            return;
        }
    }
    const std::size_t size = common.size();
    std::map<std::string, std::string, std::less<>> moved;
    for (auto& [name, content] : pack.files) {
        moved.emplace(name.substr(size), std::move(content));
    }
    pack.files = std::move(moved);
}

} // namespace

bool is_pack(const std::filesystem::path& file) {
    const std::string name = base::to_lower(file.filename().string());
    return name.ends_with(".tar.gz") || name.ends_with(".tgz") || name.ends_with(".zip");
}

base::Result<Pack> read_pack(std::string_view bytes, const PackLimits& limits) {
    Pack pack;
    pack.sha256 = body_digest("sha256", bytes);
    Collector collector(pack, limits);
    if (bytes.starts_with("PK")) {
        if (auto done = read_zip(bytes, collector); !done) {
            return done.error();
        }
    } else if (bytes.starts_with("\x1F\x8B")) {
        const auto tar = inflate_bytes(bytes, 15 + 16, limits.bytes + (limits.bytes >> 2U));
        if (!tar) {
            return tar.error();
        }
        if (auto done = read_tar(*tar, collector); !done) {
            return done.error();
        }
    } else {
        return damaged("it is neither gzip nor zip");
    }
    drop_common_folder(pack);
    return pack;
}

std::vector<std::string> template_names(const Pack& pack) {
    std::vector<std::string> names;
    for (const auto& [name, content] : pack.files) {
        const bool is_template = name.ends_with(".yaml") || name.ends_with(".yml");
        const bool is_hidden = name.starts_with('.') || name.find("/.") != std::string::npos;
        if (is_template && !is_hidden) {
            names.push_back(name);
        }
    }
    return names;
}

HelperReader helper_reader(const Pack& pack, const std::string& template_name) {
    const auto slash = template_name.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : template_name.substr(0, slash + 1);
    return [&pack, folder](std::string_view name) -> base::Result<std::string> {
        for (const auto& base_path : {folder, std::string()}) {
            const auto joined = std::filesystem::path(base_path + std::string(name)).lexically_normal();
            const auto found = pack.files.find(joined.generic_string());
            if (found != pack.files.end()) {
                return found->second;
            }
        }
        return base::Error(base::ErrorCode::not_found, "the helper file is not there");
    };
}

} // namespace fengsui::templates
