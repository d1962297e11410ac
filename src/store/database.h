// The embedded store: one SQLite file in a data directory. Every function here blocks: call it on the pool.
#pragma once

#include "base/error.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fengsui::store {

namespace sqlite {
class Connection;
class ScopeCache;
} // namespace sqlite

enum class OpenMode { read_write, read_only };

/// One open store. Its functions and those of the stores built on it may be called from any thread; they
/// take turns. Open a second Database (read_only) for readers that must not wait for a writer.
class Database {
public:
    /// Opens `data_dir`, making it and bringing its schema up to date (read_write only). Throws io, corrupt
    /// or unsupported with a message that names the file and the mend.
    static std::unique_ptr<Database> open(const std::filesystem::path& data_dir, OpenMode mode);

    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] const std::filesystem::path& directory() const;

    /// A consistent copy, also while others write: to a temporary file beside `file`, then renamed.
    void backup(const std::filesystem::path& file);

    /// Empty when the file is sound; else what SQLite says is wrong.
    [[nodiscard]] std::vector<std::string> check_integrity();

    /// For the stores of this module only.
    [[nodiscard]] sqlite::Connection& connection();
    /// A second connection that never waits for a transaction of the first; for quick polls.
    [[nodiscard]] sqlite::Connection& poll_connection();
    [[nodiscard]] sqlite::ScopeCache& scopes();

private:
    struct Files;
    explicit Database(std::unique_ptr<Files> files);
    std::unique_ptr<Files> files_;
};

/// The name of the store's file inside a data directory.
std::filesystem::path database_file(const std::filesystem::path& data_dir);

} // namespace fengsui::store
