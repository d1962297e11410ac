#include "registry/table/zip.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <minizip/unzip.h>

namespace fengsui::registry::table {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::uint64_t kMostUnpacked = std::uint64_t{64} << 20U;
constexpr std::uint64_t kMostEntries = 1000;
// Spreadsheets pack ten- to fiftyfold; a bomb packs a thousandfold. Small entries may be that regular.
constexpr std::uint64_t kMostRatio = 200;
constexpr std::uint64_t kFreeOfRatio = std::uint64_t{1} << 20U;

Error refuse(std::string message) {
    return {ErrorCode::invalid_argument, std::move(message)};
}

/// minizip's file functions over bytes in memory.
struct Memory {
    std::string_view bytes;
    std::size_t at = 0;
};

voidpf open_memory(voidpf opaque, const void*, int) {
    return opaque;
}

uLong read_memory(voidpf, voidpf stream, void* buffer, uLong size) {
    auto& memory = *static_cast<Memory*>(stream);
    const auto count = std::min<std::size_t>(size, memory.bytes.size() - memory.at);
    std::memcpy(buffer, memory.bytes.data() + memory.at, count);
    memory.at += count;
    return count;
}

ZPOS64_T tell_memory(voidpf, voidpf stream) {
    return static_cast<Memory*>(stream)->at;
}

long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
    auto& memory = *static_cast<Memory*>(stream);
    const std::size_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? memory.at
                             : origin == ZLIB_FILEFUNC_SEEK_END ? memory.bytes.size()
                                                                : 0;
    if (offset > memory.bytes.size() - base) {
        return -1;
    }
    memory.at = base + offset;
    return 0;
}

int close_memory(voidpf, voidpf) {
    return 0;
}

int error_memory(voidpf, voidpf) {
    return 0;
}

} // namespace

struct ZipArchive::State {
    Memory memory;
    unzFile file = nullptr;
    std::uint64_t unpacked = 0;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (file != nullptr) {
            unzClose(file);
        }
    }
};

ZipArchive::ZipArchive(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipArchive::~ZipArchive() = default;
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;

base::Result<ZipArchive> ZipArchive::open(std::string_view bytes) {
    auto state = std::make_unique<State>();
    state->memory.bytes = bytes;
    zlib_filefunc64_def functions = {};
    functions.zopen64_file = open_memory;
    functions.zread_file = read_memory;
    functions.ztell64_file = tell_memory;
    functions.zseek64_file = seek_memory;
    functions.zclose_file = close_memory;
    functions.zerror_file = error_memory;
    functions.opaque = &state->memory;
    state->file = unzOpen2_64("memory", &functions);
    unz_global_info64 info = {};
    if (state->file == nullptr || unzGetGlobalInfo64(state->file, &info) != UNZ_OK) {
        return refuse("the file is damaged or cut off: it begins as an XLSX file but cannot be unpacked");
    }
    if (info.number_entry > kMostEntries) {
        return refuse("the XLSX file holds more than 1000 parts; no registry has so many");
    }
    return ZipArchive(std::move(state));
}

base::Result<bool> ZipArchive::read(const std::string& name, const Take& take) {
    constexpr int kAnyCase = 2;
    if (unzLocateFile(state_->file, name.c_str(), kAnyCase) != UNZ_OK) {
        return false;
    }
    unz_file_info64 info = {};
    if (unzGetCurrentFileInfo64(state_->file, &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
        return refuse("the XLSX file is damaged");
    }
    if ((info.flag & 1U) != 0) {
        return refuse("the XLSX file is protected with a password; save it without one");
    }
    if (unzOpenCurrentFile(state_->file) != UNZ_OK) {
        return refuse("the XLSX file is packed in a way that is not known here; save it again as XLSX");
    }
    std::array<char, 65536> piece{};
    std::uint64_t entry = 0;
    int count = 0;
    bool goes_on = true;
    // The sizes in the archive's own list may lie: what counts is what comes out.
    while (goes_on && (count = unzReadCurrentFile(state_->file, piece.data(), piece.size())) > 0) {
        entry += static_cast<std::uint64_t>(count);
        state_->unpacked += static_cast<std::uint64_t>(count);
        const auto packed = std::min<std::uint64_t>(info.compressed_size, state_->memory.bytes.size());
        if (state_->unpacked > kMostUnpacked || (entry > kFreeOfRatio && entry > packed * kMostRatio)) {
            unzCloseCurrentFile(state_->file);
            return refuse(
                "the XLSX file unpacks to far more than a registry needs (limit 64 MB, ratio 200): refused"
            );
        }
        goes_on = take(std::string_view(piece.data(), static_cast<std::size_t>(count)));
    }
    const int closed = unzCloseCurrentFile(state_->file); // checks the CRC once all is read
    if (count < 0 || (goes_on && closed != UNZ_OK)) {
        return refuse("the XLSX file is damaged: a part of it cannot be unpacked");
    }
    return true;
}

base::Result<bool> ZipArchive::read_all(const std::string& name, std::string& out) {
    out.clear();
    const Take append = [&out](std::string_view piece) {
        out += piece;
        return true;
    };
    return read(name, append);
}

} // namespace fengsui::registry::table
