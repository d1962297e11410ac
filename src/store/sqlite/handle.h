// SQLite's handles, wrapped once: connections with a cache of prepared statements, transactions, and its
// failures as base::Error.
#pragma once

#include "base/time.h"
#include "store/sqlite/wal_sync.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

struct sqlite3;
struct sqlite3_stmt;

namespace fengsui::store::sqlite {

class Connection;

/// A statement in use: bind in order, then step. Goes back to its connection's cache when destroyed.
class Statement {
public:
    Statement(Connection& connection, sqlite3_stmt* handle) : connection_(&connection), handle_(handle) {}
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;

    /// Binds the next parameter.
    Statement& bind(std::string_view text);
    Statement& bind(std::int64_t number);
    Statement& bind(base::Instant at);
    Statement& bind(std::optional<base::Instant> at);
    Statement& bind_null();

    /// True while there is a row.
    bool step();
    /// Runs it to its end and makes it ready for the next binding; returns the number of changed rows.
    std::int64_t run();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] base::Instant instant(int column) const;
    [[nodiscard]] std::optional<base::Instant> maybe_instant(int column) const;

private:
    void check(int status) const;
    Connection* connection_;
    sqlite3_stmt* handle_;
    int next_ = 1;
};

/// One connection. All use of it happens with `mutex()` held, which Transaction and Reading do.
class Connection {
public:
    Connection(const std::filesystem::path& file, bool writable);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] Statement prepare(std::string_view sql);
    /// Statements without parameters or results, separated by semicolons.
    void execute(std::string_view sql);
    void copy_to(const std::filesystem::path& file);

    [[nodiscard]] std::recursive_mutex& mutex() { return mutex_; }
    /// Transactions and readings open in one another; with the mutex held.
    [[nodiscard]] int depth() const { return depth_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    /// Throws what `status` means here: full disk, not a database, locked …
    [[noreturn]] void fail(int status) const;

private:
    friend class Statement;
    friend class Transaction;
    friend class Reading;
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    void give_back(sqlite3_stmt* statement) noexcept;

    std::filesystem::path file_;
    WalSync wal_sync_;
    std::recursive_mutex mutex_; ///< welded to the connection: several pool threads share it
    std::unique_ptr<sqlite3, Close> handle_;
    std::multimap<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> idle_;
    int depth_ = 0;           ///< of nested transactions; only the outermost is real
    bool is_writing_ = false; ///< the outermost is a Transaction
};

/// A write transaction: everything or nothing. Rolls back unless committed. Nested ones join the outer.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    /// The outermost: lets others write, and when it returns, the data are on the disk.
    void commit();

private:
    void wait_for_disk();

    Connection& connection_;
    std::unique_lock<std::recursive_mutex> lock_;
    bool is_open_ = true;
};

/// A consistent view over several reads.
class Reading {
public:
    explicit Reading(Connection& connection);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    Connection& connection_;
    std::unique_lock<std::recursive_mutex> lock_;
};

} // namespace fengsui::store::sqlite
