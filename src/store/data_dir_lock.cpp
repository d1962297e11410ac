#include "store/data_dir_lock.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>

namespace fengsui::store {

namespace {

using base::Error;
using base::ErrorCode;

std::string holder_of(int descriptor) {
    char text[32] = {};
    const auto size = pread(descriptor, text, sizeof text - 1, 0);
    const std::string_view digits(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    return std::string(digits.substr(0, digits.find('\n')));
}

Error cannot(std::string_view verb, const std::filesystem::path& file) {
    return {
        ErrorCode::io,
        fmt::format(
            "{} cannot be {}: {}; see that this user may write in {}",
            file.string(),
            verb,
            std::generic_category().message(errno),
            file.parent_path().string()
        )};
}

void write_holder(int descriptor, const std::filesystem::path& file) {
    const auto text = fmt::format("{}\n", getpid());
    if (ftruncate(descriptor, 0) != 0
        || pwrite(descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        const Error error = cannot("written", file);
        close(descriptor);
        throw Error(error);
    }
}

} // namespace

DataDirLock::DataDirLock(const std::filesystem::path& data_dir) {
    std::error_code failure;
    std::filesystem::create_directories(data_dir, failure); // what is wrong shows at open
    const auto file = data_dir / "runner.lock";
    descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
        throw cannot("opened", file);
    }
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const bool taken = errno == EWOULDBLOCK;
        const Error error =
            taken ? Error(
                ErrorCode::conflict,
                fmt::format(
                    "{} is in use by process {}; stop that one, or name another directory with --data",
                    data_dir.string(),
                    holder_of(descriptor_)
                )
            )
                  : cannot("locked", file);
        close(descriptor_);
        throw Error(error);
    }
    write_holder(descriptor_, file);
}

DataDirLock::~DataDirLock() {
    close(descriptor_);
}

} // namespace fengsui::store
