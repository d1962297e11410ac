#include "store/sqlite/handle.h"

#include "base/error.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace fengsui::store::sqlite {

namespace {

using base::Error;
using base::ErrorCode;

/// How long a writer waits for another process's transaction.
constexpr int kBusyMilliseconds = 30'000;

std::string mend_of(int status, const std::string& file) {
    const auto directory = std::filesystem::path(file).parent_path().string();
    switch (status & 0xFF) {
    case SQLITE_FULL:
        return fmt::format("the disk that holds {} is full; free some space and start again", directory);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return fmt::format("{} cannot be written; give this user the right to write in {}", file, directory);
    case SQLITE_CANTOPEN:
        return fmt::format(
            "{} cannot be opened; see that {} exists and that this user may read and write in it",
            file,
            directory
        );
    case SQLITE_NOTADB:
        return fmt::format("{} is not a Fengsui database; move it away, or restore it from a backup", file);
    case SQLITE_CORRUPT:
        return fmt::format("{} is damaged; stop the program and restore it from a backup", file);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fmt::format(
            "{} is busy with another process's long transaction; try again when it has ended", file
        );
    case SQLITE_IOERR:
        return fmt::format("reading or writing {} failed; look at the disk that holds it", file);
    default:
        return fmt::format("{}: the database refused", file);
    }
}

ErrorCode code_of(int status) {
    switch (status & 0xFF) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return ErrorCode::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CONSTRAINT:
        return ErrorCode::conflict;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return ErrorCode::io;
    default:
        return ErrorCode::internal;
    }
}

Error error_of(int status, sqlite3* handle, const std::string& file) {
    const char* detail = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(status);
    return {code_of(status), fmt::format("{} ({})", mend_of(status, file), detail)};
}

sqlite3* open_handle(const std::string& file, bool writable) {
    sqlite3* handle = nullptr;
    const int access = writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int status = sqlite3_open_v2(file.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX, nullptr);
    if (status != SQLITE_OK) {
        const Error error = error_of(status, handle, file);
        sqlite3_close_v2(handle);
        throw Error(error);
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, kBusyMilliseconds);
    return handle;
}

} // namespace

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), handle_(std::exchange(other.handle_, nullptr)), next_(other.next_) {}

Statement::~Statement() {
    if (handle_ != nullptr) {
        connection_->give_back(handle_);
    }
}

void Statement::check(int status) const {
    if (status != SQLITE_OK) {
        connection_->fail(status);
    }
}

Statement& Statement::bind(std::string_view text) {
    // A null pointer would bind NULL; an empty text is not that.
    const char* data = text.data() != nullptr ? text.data() : "";
    check(sqlite3_bind_text64(handle_, next_++, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(std::int64_t number) {
    check(sqlite3_bind_int64(handle_, next_++, number));
    return *this;
}

Statement& Statement::bind(base::Instant at) {
    return bind(static_cast<std::int64_t>(at.time_since_epoch().count()));
}

Statement& Statement::bind(std::optional<base::Instant> at) {
    return at ? bind(*at) : bind_null();
}

Statement& Statement::bind_null() {
    check(sqlite3_bind_null(handle_, next_++));
    return *this;
}

bool Statement::step() {
    const int status = sqlite3_step(handle_);
    if (status == SQLITE_ROW) {
        return true;
    }
    if (status != SQLITE_DONE) {
        connection_->fail(status);
    }
    return false;
}

std::int64_t Statement::run() {
    while (step()) {
    }
    sqlite3_reset(handle_);
    next_ = 1;
    return sqlite3_changes64(connection_->handle_.get());
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_, column);
}

std::string Statement::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return bytes == nullptr ? std::string() : std::string(bytes, size);
}

base::Instant Statement::instant(int column) const {
    return base::Instant(std::chrono::milliseconds(integer(column)));
}

std::optional<base::Instant> Statement::maybe_instant(int column) const {
    return is_null(column) ? std::nullopt : std::optional(instant(column));
}

void Connection::Close::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Connection::Connection(const std::filesystem::path& file, bool writable)
    : file_(file), wal_sync_(file), handle_(open_handle(file.string(), writable)) {
    execute("PRAGMA foreign_keys = ON");
    if (writable) {
        // WAL: readers go on while one process writes. NORMAL: SQLite syncs the log when it folds it in; that
        // each commit survives a power cut is WalSync's work, which does it for many at once.
        execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    }
}

Connection::~Connection() {
    idle_.clear();
}

void Connection::fail(int status) const {
    throw Error(error_of(status, handle_.get(), file_.string()));
}

Statement Connection::prepare(std::string_view sql) {
    if (const auto idle = idle_.find(sql); idle != idle_.end()) {
        return {*this, idle_.extract(idle).mapped().release()};
    }
    sqlite3_stmt* handle = nullptr;
    const int status = sqlite3_prepare_v3(
        handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle, nullptr
    );
    if (status != SQLITE_OK) {
        fail(status);
    }
    return {*this, handle};
}

void Connection::give_back(sqlite3_stmt* statement) noexcept {
    // Statements for long lists of units differ from asker to asker; do not keep them without bound.
    constexpr std::size_t kMostIdle = 200;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    std::unique_ptr<sqlite3_stmt, Finalize> owned(statement);
    if (idle_.size() < kMostIdle) {
        idle_.emplace(sqlite3_sql(statement), std::move(owned));
    }
}

void Connection::execute(std::string_view sql) {
    const int status = sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (status != SQLITE_OK) {
        fail(status);
    }
}

void Connection::copy_to(const std::filesystem::path& file) {
    Connection target(file, true);
    sqlite3_backup* backup = sqlite3_backup_init(target.handle_.get(), "main", handle_.get(), "main");
    if (backup == nullptr) {
        target.fail(sqlite3_extended_errcode(target.handle_.get()));
    }
    sqlite3_backup_step(backup, -1);
    const int status = sqlite3_backup_finish(backup);
    if (status != SQLITE_OK) {
        target.fail(status);
    }
}

Transaction::Transaction(Connection& connection) : connection_(connection), lock_(connection.mutex_) {
    if (connection_.depth_ == 0) {
        connection_.prepare("BEGIN IMMEDIATE").run();
        connection_.is_writing_ = true;
    }
    FENGSUI_CHECK(connection_.is_writing_, "a write inside a reading would be rolled back");
    ++connection_.depth_;
}

Transaction::~Transaction() {
    if (!is_open_) {
        return;
    }
    --connection_.depth_;
    // An outer one sees the exception that ended us and rolls back as well; SQLite may have rolled back
    // itself.
    if (connection_.depth_ == 0 && sqlite3_get_autocommit(connection_.handle_.get()) == 0) {
        sqlite3_exec(connection_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Transaction::commit() {
    const bool is_outermost = connection_.depth_ == 1;
    if (is_outermost) {
        connection_.prepare("COMMIT").run();
    }
    --connection_.depth_;
    is_open_ = false;
    if (is_outermost) {
        wait_for_disk();
    }
}

void Transaction::wait_for_disk() {
    lock_.unlock(); // others may write while the disk works
    try {
        connection_.wal_sync_.wait();
    } catch (...) {
        lock_.lock();
        throw;
    }
    lock_.lock(); // statements of ours that are still alive go back to the connection's cache
}

Reading::Reading(Connection& connection) : connection_(connection), lock_(connection.mutex_) {
    if (connection_.depth_ == 0) {
        connection_.prepare("BEGIN").run();
        connection_.is_writing_ = false;
    }
    ++connection_.depth_;
}

Reading::~Reading() {
    --connection_.depth_;
    if (connection_.depth_ == 0 && sqlite3_get_autocommit(connection_.handle_.get()) == 0) {
        sqlite3_exec(connection_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

} // namespace fengsui::store::sqlite
