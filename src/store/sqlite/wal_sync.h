// Puts the write-ahead log on the disk, once for all who wait for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>

namespace fengsui::store::sqlite {

/// One call to the disk serves every transaction that had been committed when it began. Any thread.
class WalSync {
public:
    /// `database`: the file whose log is meant; SQLite keeps that log while a connection is open.
    explicit WalSync(const std::filesystem::path& database);
    ~WalSync();
    WalSync(const WalSync&) = delete;
    WalSync& operator=(const WalSync&) = delete;

    /// Call after a COMMIT, without the connection's mutex. When it returns, that transaction survives a
    /// power cut. Throws io; the transaction is then in the file, but perhaps not on the disk.
    void wait();

private:
    void put_on_disk();

    std::filesystem::path file_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::uint64_t committed_ = 0; ///< transactions that asked
    std::uint64_t safe_ = 0;      ///< of those, how many are on the disk
    bool is_running_ = false;
    int descriptor_ = -1; ///< opened by the first who runs
};

} // namespace fengsui::store::sqlite
