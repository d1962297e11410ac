#include "store/blob_store.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#include <fmt/format.h>

#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace fengsui::store {

namespace {

using base::Error;
using base::ErrorCode;

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
    throw Error(ErrorCode::io, fmt::format("{} {}: {}", file.string(), what, std::strerror(errno)));
}

/// A descriptor that closes itself.
class File {
public:
    File(const std::filesystem::path& path, int flags)
        : path_(path), descriptor_(::open(path.c_str(), flags, 0600)) {
        if (descriptor_ < 0) {
            fail(path_, "cannot be opened");
        }
    }
    ~File() { ::close(descriptor_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto count = ::write(descriptor_, bytes.data(), bytes.size());
            if (count < 0) {
                fail(path_, "cannot be written");
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void sync() const {
        if (::fsync(descriptor_) != 0) {
            fail(path_, "cannot be written to the disk");
        }
    }

private:
    const std::filesystem::path& path_;
    int descriptor_;
};

} // namespace

std::filesystem::path BlobStore::path_of(std::string_view sha256) const {
    return root_ / std::string(sha256.substr(0, 2)) / std::string(sha256.substr(2));
}

std::string BlobStore::put(std::string_view bytes) {
    const auto name = base::sha256_hex(bytes);
    const auto path = path_of(name);
    std::error_code failure;
    if (std::filesystem::exists(path, failure)) {
        return name;
    }
    std::filesystem::create_directories(path.parent_path(), failure);
    // Its own name for each writer: two that keep the same bytes do not meet.
    auto temporary = path;
    temporary += fmt::format(".{}.part", base::hex(base::random_bytes(6)));
    try {
        const File file(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
        file.write(bytes);
        file.sync();
        if (::rename(temporary.c_str(), path.c_str()) != 0) {
            fail(path, "cannot be put in place");
        }
        const auto folder_path = path.parent_path();
        const File folder(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        folder.sync();
    } catch (const Error&) {
        std::filesystem::remove(temporary, failure);
        throw;
    }
    return name;
}

std::optional<std::string> BlobStore::get(std::string_view sha256) const {
    const auto path = path_of(sha256);
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return std::nullopt;
    }
    std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (base::sha256_hex(bytes) != sha256) {
        throw Error(
            ErrorCode::corrupt,
            fmt::format("{} was altered: its bytes are not those of its name", path.string())
        );
    }
    return bytes;
}

} // namespace fengsui::store
