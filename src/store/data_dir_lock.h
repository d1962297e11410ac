// Only one runner (patrol or serve) to a data directory.
#pragma once

#include <filesystem>

namespace fengsui::store {

/// Holds DIR/runner.lock until destroyed; the kernel lets go when the process dies, however it dies.
class DataDirLock {
public:
    /// Throws conflict "in use by process N" when another runner has it, io when it cannot be made.
    explicit DataDirLock(const std::filesystem::path& data_dir);
    ~DataDirLock();
    DataDirLock(const DataDirLock&) = delete;
    DataDirLock& operator=(const DataDirLock&) = delete;

private:
    int descriptor_ = -1;
};

} // namespace fengsui::store
