#include "store/sqlite/wal_sync.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace fengsui::store::sqlite {

namespace {

[[noreturn]] void fail_to_sync(const std::filesystem::path& file) {
    throw base::Error(
        base::ErrorCode::io,
        fmt::format(
            "{} could not be put on the disk: {}; look at the disk that holds it",
            file.string(),
            std::strerror(errno)
        )
    );
}

/// The log's own entry in its directory has to be on the disk as well.
void sync_directory(const std::filesystem::path& directory) {
    const int descriptor =
        ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        fail_to_sync(directory);
    }
    const int status = ::fsync(descriptor);
    const int why = errno;
    ::close(descriptor);
    if (status != 0 && why != EINVAL) { // some file systems cannot, and need not
        errno = why;
        fail_to_sync(directory);
    }
}

} // namespace

WalSync::WalSync(const std::filesystem::path& database) : file_(database.string() + "-wal") {}

WalSync::~WalSync() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void WalSync::put_on_disk() {
    if (descriptor_ < 0) {
        descriptor_ = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
        if (descriptor_ < 0) {
            fail_to_sync(file_);
        }
        sync_directory(file_.parent_path());
    }
    if (::fdatasync(descriptor_) != 0) {
        fail_to_sync(file_);
    }
}

void WalSync::wait() {
    std::unique_lock lock(mutex_);
    const auto mine = ++committed_;
    ended_.wait(lock, [&] { return safe_ >= mine || !is_running_; });
    if (safe_ >= mine) {
        return;
    }
    is_running_ = true;
    const auto covered = committed_; // whoever commits from here on waits for the next turn
    lock.unlock();
    try {
        put_on_disk();
    } catch (...) {
        lock.lock();
        is_running_ = false;
        ended_.notify_all(); // each of the others tries, and hears of it, itself
        throw;
    }
    lock.lock();
    is_running_ = false;
    safe_ = covered;
    ended_.notify_all();
}

} // namespace fengsui::store::sqlite
